r"""Sums over named sets: \sum_{x \in \mathcal{X}}.

Contract. A set is read as the whole range of its index. `check_sets` refuses where that is a guess: a set that moves
with an index, and one range that is written as a set here and otherwise there.

Blind spot. A set that is smaller than the array it indexes, where nothing else in the request runs over that range.
"""

from __future__ import annotations

import re

from gradproof.reader.errors import NotReadable
from gradproof.reader.inference.collecting import Collected, Spot
from gradproof.reader.inference.ranges import Place, Ranges
from gradproof.reader.inference.splitting import Splitter
from gradproof.reader.syntax import Big


def check_sets(collected: Collected, splitter: Splitter, ranges: Ranges) -> None:
    sums = [(s, s.node) for s in collected.spots if isinstance(s.node, Big)]
    whole: dict[Place, str] = {}
    for spot, node in sums:
        if node.over:
            _check_moving(spot, node, splitter)
            whole.setdefault(ranges.find(("bound", node)), node.over)
    for spot, node in sums:
        known = whole.get(ranges.find(("bound", node)), node.over)
        if known != node.over:
            message = f"whether {known} is all of the range of {node.letter.text} is not said"
            advice = r"write every sum over this range alike, as \sum_{i=1}^{K}"
            raise NotReadable(message, splitter.formulas[spot.formula].source, node.letter.at, advice=advice)


def _check_moving(spot: Spot, node: Big, splitter: Splitter) -> None:
    """N(i) and N_i are other sets for other i."""
    inside = re.split(r"[_(]", node.over, maxsplit=1)[1:]
    words = re.findall(r"\\?[A-Za-z]+", inside[0]) if inside else []
    letters = [x for word in words for x in (word, *(word if len(word) == 2 else ()))]
    if any(splitter.is_index(x, spot.bound, spot.formula) for x in letters):
        message = f"a sum over {node.over}, a set that depends on an index"
        source = splitter.formulas[spot.formula].source
        raise NotReadable(message, source, node.letter.at, advice="write it with weights that are 0 or 1")
