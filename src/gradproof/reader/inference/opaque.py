r"""Names for what has no definition: p_\theta(y \mid x), f(x_n), the derivative of an undefined loss.

Contract. An unknown function of names is one real number for each value of the indices in it: f(x_n) is the n-th of a
family. It equals nothing but itself, and what it mentions is kept, so that no derivative in one of these is taken for
0.

Blind spot. That f(x_1) = f(x_2) where x_1 = x_2 is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

from gradproof.reader.declarations import Declarations, labels_of
from gradproof.reader.errors import NotReadable
from gradproof.reader.grammar.commands import PLACEHOLDER
from gradproof.reader.inference.ranges import Evidence, Ranges
from gradproof.reader.inference.splitting import Formula, Split, Splitter, Use
from gradproof.reader.syntax import Bracket, Call, Deriv, Key, Name, Node, Num, Part

SEPARATORS = {",": ", ", ";": "; ", ":": ": ", r"\mid": r" \mid ", r"\|": r" \| "}


@dataclass(frozen=True)
class Opaque:
    """The LaTeX of the name, the indices in it, and the names it mentions."""

    text: str
    holes: tuple[Part, ...]
    mentions: frozenset[Key]


class Placed(Protocol):
    @property
    def bound(self) -> Mapping[str, Node]: ...

    @property
    def formula(self) -> int: ...


@dataclass
class Opaques:
    declared: Declarations
    formulas: tuple[Formula, ...]
    splitter: Splitter
    uses: dict[Node, Use]
    defined: frozenset[Key]
    splits: Mapping[Node, Split] = field(default_factory=dict)
    found: dict[Node, Opaque] = field(default_factory=dict)

    # -- calls -----------------------------------------------------------------------------------------------------

    def call(self, n: Call, spot: Placed) -> Opaque:
        known = self.found.get(n)
        if known is None:
            known = self.found[n] = self._call(n, spot)
        return known

    def _call(self, n: Call, spot: Placed) -> Opaque:
        head = self._name(n.name)
        texts, holes, mentions = [], list(head.holes), set(head.mentions)
        for a in n.args:
            one = self._argument(a, spot)
            texts.append(one.text)
            holes += one.holes
            mentions |= one.mentions
        text = texts[0] + "".join(SEPARATORS[s] + x for s, x in zip(n.separators, texts[1:], strict=True))
        return Opaque(f"{head.text}({text})", tuple(holes), frozenset(mentions))

    def _argument(self, node: Node, spot: Placed) -> Opaque:
        inner = node.inner if isinstance(node, Bracket) and node.sign == "{" else node
        if isinstance(inner, Num) and inner.value.denominator == 1:
            return Opaque(str(inner.value), (), frozenset())
        if not isinstance(inner, Name):
            source = self.formulas[spot.formula].source
            advice = "define the argument as a name of its own, or define the function"
            raise NotReadable("an unknown function of a compound argument", source, node.at, advice=advice)
        if inner.letter and self.splitter.is_index(inner.letter, spot.bound, spot.formula):
            return Opaque(PLACEHOLDER, (Part(inner.at, inner.letter, "letter"),), frozenset())
        return self._name(inner)

    def _name(self, n: Name) -> Opaque:
        split = self.splits[n]
        assert isinstance(split.key, Key)
        mentioned = {split.key, Key(split.key.head), *(Key(x) for x in split.key.labels)}
        return Opaque(split.key.latex(), split.indices, frozenset(mentioned))

    # -- derivatives of names that are not defined -----------------------------------------------------------------

    def derivative(self, n: Deriv) -> Opaque | None:
        """The name of a derivative of an undefined name, or None if it is a derivative to be taken."""
        known = self.found.get(n)
        if known is not None:
            return known
        if not n.named or not isinstance(n.body, Name) or not all(isinstance(v, Name) for v in n.variables):
            return None
        body = self._name(n.body)
        variables = [self._name(v) for v in n.variables if isinstance(v, Name)]
        if self._is_known(n.body, {self.splits[v].key for v in n.variables}) or self._is_vector(n):
            return None
        counted = [(text, len(list(same))) for text, same in groupby(v.text for v in variables)]
        below = r" \, ".join(rf"\partial {x}" + (f"^{k}" if k > 1 else "") for x, k in counted)
        order = f"^{len(variables)}" if len(variables) > 1 else ""
        holes = body.holes + tuple(h for v in variables for h in v.holes)
        mentions = body.mentions.union(*(v.mentions for v in variables))
        found = self.found[n] = Opaque(rf"\frac{{\partial{order} {body.text}}}{{{below}}}", holes, mentions)
        return found

    def _is_known(self, n: Name, variables: set[Key | str]) -> bool:
        key = self.splits[n].key
        assert isinstance(key, Key)
        whole = Key(n.head, labels_of(n.parts), n.mark)
        declared = any(k in self.declared.things and k not in self.declared.assumed for k in (key, whole))
        return declared or key in self.defined or whole in self.defined or key in variables

    def _is_vector(self, n: Deriv) -> bool:
        """A gradient or Jacobian of whole vectors is taken entry by entry."""
        for v in n.variables:
            split = self.splits[v]
            count = self.splitter.rank_of(split.key) if isinstance(split.key, Key) else 0
            if (count or 0) > len(split.indices):
                return True
        return False

    def link_derivative(self, n: Deriv, spot: Placed, ranges: Ranges, why: Evidence) -> None:
        found = self.derivative(n)
        if found is None:
            return
        for position, hole in enumerate(found.holes):
            if hole.kind == "letter":
                letter = self.splitter.letter(hole.text, spot.bound, spot.formula)
                ranges.same(letter, ("slot", found.text, position), why)
