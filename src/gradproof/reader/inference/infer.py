"""Index ranges and shapes of all formulas of a request together, inferred from use.

Contract. `infer` either explains every letter that stands where an index stands, or raises ReadError with the place.

Blind spot. Free letters are shared by loss, expectation, claims and the right sides of hypotheses; definitions and
the left sides of hypotheses have their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradproof.expression import Expr
from gradproof.reader.declarations import Declarations, is_size, labels_of
from gradproof.reader.grammar.walking import children
from gradproof.reader.inference.collecting import Collected, Spot, collect
from gradproof.reader.inference.letters import Letters
from gradproof.reader.inference.links import Links
from gradproof.reader.inference.opaque import Opaques
from gradproof.reader.inference.ranges import Ranges
from gradproof.reader.inference.scopes import check_scopes
from gradproof.reader.inference.sets import check_sets
from gradproof.reader.inference.splitting import Formula, Split, Splitter, Use
from gradproof.reader.syntax import Big, Call, Chain, Family, Key, Member, Name, Node, Range, Verbatim


@dataclass(frozen=True)
class Inferred:
    """The outcome: how each name is taken apart, how far each place runs, what each opaque call is."""

    declared: Declarations
    formulas: tuple[Formula, ...]
    splits: Mapping[Node, Split]
    splitter: Splitter
    ranges: Ranges
    opaques: Opaques
    sizes: frozenset[Key]

    def size_of(self, place: object) -> Expr | None:
        return self.ranges.of(place)


def infer(formulas: tuple[Formula, ...], declared: Declarations, labels: Mapping[Key, Expr] | None = None) -> Inferred:
    """Everything that can be known of the letters of these formulas; `labels` are arrays whose entries are indices."""
    collected = collect(formulas)
    splitter = Splitter(declared, formulas, labels or {}, _sizes(collected, declared))
    uses: dict[Node, Use] = {u.name: u for u in collected.uses}
    opaques = Opaques(declared, formulas, splitter, uses, _defined(formulas))
    letters = Letters(splitter, uses)
    while splitter.changed:
        splitter.changed = False
        for use in collected.uses:
            splitter.split(use)
        for spot in collected.spots:
            letters.learn(spot)
    splits: dict[Node, Split] = {u.name: splitter.split(u, final=True) for u in collected.uses}
    opaques.splits = splits
    check_scopes(collected, formulas)
    ranges = _ranges(collected, letters, opaques, splits)
    return Inferred(declared, formulas, splits, splitter, ranges, opaques, frozenset(splitter.sizes))


def _ranges(collected: Collected, letters: Letters, opaques: Opaques, splits: Mapping[Node, Split]) -> Ranges:
    ranges = Ranges()
    links = Links(collected, letters, opaques, ranges)
    links.declared()
    for use in collected.uses:
        links.link(use, splits[use.name])
    for spot in collected.spots:
        links.read(spot)
    links.settle()
    check_sets(collected, letters.splitter, ranges)
    return ranges


def _defined(formulas: tuple[Formula, ...]) -> frozenset[Key]:
    """The heads of names that this request defines."""
    found: set[Key] = set()
    for f in formulas:
        if f.role == "let" and isinstance(f.tree, Chain):
            left = f.tree.sides[0]
            left = left.name if isinstance(left, Call) else left
            if isinstance(left, Name):
                found |= {Key(left.head, labels_of(left.parts[:n]), left.mark) for n in range(len(left.parts) + 1)}
    return frozenset(found)


def _sizes(collected: Collected, declared: Declarations) -> set[Key]:
    """The names that are used or declared as sizes."""
    found = {key for key, thing in declared.things.items() if is_size(thing)}
    for spot in collected.spots:
        known = {*spot.bound, *declared.indices}
        for end in _ends(spot):
            found |= {Key(x.head, labels_of(x.parts), x.mark) for x in _names(end) if x.letter not in known}
    return found


def _ends(spot: Spot) -> tuple[Node | None, ...]:
    match spot.node:
        case Big(high=high):
            return (high,)
        case Family(size=size) | Range(size=size):
            return (size,)
        case Member(names=names, kind="naturals"):
            return names
        case Member(bounds=bounds, kind="reals" | "labels"):
            return bounds
    return ()


def _names(node: Node | None) -> list[Name]:
    if node is None or isinstance(node, Verbatim):
        return []
    if isinstance(node, Name):
        return [node]
    return [x for child in children(node) for x in _names(child)]
