"""Which places share their range, and what is said of it: the facts that the inference of ranges works on.

Contract. Every fact carries its place in a formula. A range comes from a sum, a declared shape, another use of the
same array at the same place, the outcome of an expectation; weakly from the other side of a delta; last from the only
declared size.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradproof.expression import Array, Expr, Symbol
from gradproof.reader.declarations import Declarations
from gradproof.reader.errors import ReadError, Span
from gradproof.reader.inference.axes import AxesFinder, Meet
from gradproof.reader.inference.collecting import Collected, Spot
from gradproof.reader.inference.letters import Letters
from gradproof.reader.inference.opaque import Opaques
from gradproof.reader.inference.ranges import Evidence, Place, Ranges
from gradproof.reader.inference.sizes import size_term
from gradproof.reader.inference.splitting import Formula, Split, Splitter, Use
from gradproof.reader.syntax import (
    Big,
    Call,
    Chain,
    Component,
    Deriv,
    Expect,
    Family,
    Grad,
    Indicator,
    Key,
    Kronecker,
    Member,
    Name,
    Node,
    Range,
)


class Links:
    """Reads the formulas of `collected` and fills `ranges`."""

    def __init__(self, collected: Collected, letters: Letters, opaques: Opaques, ranges: Ranges) -> None:
        self.collected, self.letters, self.opaques, self.ranges = collected, letters, opaques, ranges
        self.splitter: Splitter = letters.splitter
        self.uses: dict[Node, Use] = letters.uses
        self.known: Declarations = letters.splitter.declared
        self.formulas: tuple[Formula, ...] = letters.splitter.formulas

    def declared(self) -> None:
        """The shapes, class labels and index letters that are known beforehand."""
        for name, thing in (*self.known.things.items(), *self.known.words.items()):
            if isinstance(thing, Symbol):
                continue
            shown = name.latex() if isinstance(name, Key) else str(name)
            for n, size in enumerate(thing.shape):
                self._learn_declared(("slot", name, n), size, shown)
            if isinstance(thing, Array) and thing.into is not None:
                self._learn_declared(("into", name), thing.into, shown)
        for key, size in self.splitter.labels.items():
            self._learn_declared(("into", key), size, key.latex())
        for letter, index in self.known.indices.items():
            self._learn_declared(("free", -1, letter), index.size, letter)

    def _learn_declared(self, place: Place, size: Expr, shown: str) -> None:
        self.ranges.learn(place, size, Evidence(f"{shown} is declared so", self.formulas[0].source, Span(0, 1)))

    def _why(self, words: str, formula: int, at: Span) -> Evidence:
        source = self.formulas[formula].source
        return Evidence(words or source.piece(at), source, at)

    def link(self, use: Use, split: Split) -> None:
        for n, part in enumerate(split.indices):
            if part.kind == "letter":
                why = self._why("", use.formula, use.name.at)
                self.ranges.same(self.letters.part_place(part, use), ("slot", split.key, n), why)

    def read(self, spot: Spot) -> None:
        """What one node says of ranges."""
        reading = _READINGS.get(type(spot.node))
        if reading is not None:
            reading(self, spot.node, spot)

    def _range_said(self, n: Family | Range, spot: Spot) -> None:
        if n.size is not None:
            self._learn_size(("bound", n), n.size, spot)

    def _member(self, n: Member, spot: Spot) -> None:
        """The shape that is said of a name, defined ones too, or the range that is said of a letter."""
        source = self.formulas[spot.formula].source
        why = self._why("", spot.formula, n.at)
        for name in n.names if n.kind == "labels" else ():
            if isinstance(name, Name) and self.letters.is_letter(name):
                place = self.splitter.letter(name.letter, spot.bound, spot.formula)
                self.ranges.learn(place, size_term(n.bounds[0], self.known, source), why)
        for name in n.names if n.kind == "reals" else ():
            split = self.splitter.split(self.uses[name])
            for position, bound in enumerate(n.bounds, len(split.indices)):
                self.ranges.learn(("slot", split.key, position), size_term(bound, self.known, source), why)

    def _indicator(self, n: Indicator, spot: Spot) -> None:
        one, other = self.letters.ref(n.left, spot), self.letters.ref(n.right, spot)
        if one is not None and other is not None:
            self.ranges.perhaps_same(one, other, self._why("", spot.formula, n.at))

    def _derivative(self, n: Deriv, spot: Spot) -> None:
        self.opaques.link_derivative(n, spot, self.ranges, self._why("", spot.formula, n.at))

    def _component(self, n: Component, spot: Spot) -> None:
        axes = self._axes(spot).of(n.base) or ()
        for part, place in zip(n.parts, axes, strict=False):
            if part.kind == "letter":
                self.ranges.same(self.letters.part_place(part, spot), place, self._why("", spot.formula, part.at))

    def _axes(self, spot: Spot) -> AxesFinder:
        return AxesFinder(self.splitter, self.uses, self._meet(spot))

    def _meet(self, spot: Spot) -> Meet:
        return lambda a, b, where: self.ranges.same(a, b, self._why("", spot.formula, where.at))

    def _big(self, n: Big, spot: Spot) -> None:
        place = ("bound", n)
        why = self._why("", spot.formula, n.letter.at)
        if n.over:
            self.ranges.same(place, ("set", n.over), why)
        upper = self.letters.ref(n.high, spot) if n.high is not None else None
        if upper is not None:
            self.ranges.same(place, upper, why)
        elif n.high is not None:
            self._learn_size(place, n.high, spot)
        if n.low is not None and (lower := self.letters.ref(n.low, spot)) is not None:
            tie = self.ranges.same if n.high is None else self.ranges.perhaps_same  # an end that is said decides
            tie(place, lower, why)
        for relation, term in n.conditions:
            self._condition(n, relation, term, spot)

    def _condition(self, n: Big, relation: str, term: Node, spot: Spot) -> None:
        other = self.letters.ref(term, spot)
        if other is None:
            return
        if other[0] == "free" and n.low is None and n.high is None and self._only_inside(n, str(other[2]), spot):
            letters = f"{n.letter.text}, {other[2]}, or both"
            advice = rf"write the range of {n.letter.text} and of {other[2]} with a sum sign each"
            raise ReadError(
                f"does this sum run over {letters}?", self.formulas[spot.formula].source, term.at, advice=advice
            )
        self.ranges.perhaps_same(("bound", n), other, self._why("", spot.formula, term.at))

    def _only_inside(self, n: Big, letter: str, spot: Spot) -> bool:
        """Whether a free letter has no meaning outside this sum."""
        if letter in self.known.indices:
            return False
        inside = (n.at.start, n.at.end)
        for use in self.collected.uses:
            shared = use.formula != spot.formula or not inside[0] <= use.name.at.start < inside[1]
            if shared and letter not in use.bound and any(letter == p.text for p in use.name.parts):
                return False
        return not any(
            isinstance(s.node, Kronecker) and letter in (s.node.left.text, s.node.right.text)
            and not (s.formula == spot.formula and inside[0] <= s.node.at.start < inside[1])
            for s in self.collected.spots
        )  # fmt: skip

    def _learn_size(self, place: object, size: Node, spot: Spot) -> None:
        assert isinstance(spot.node, Big | Family | Range)
        letter = spot.node.letter
        said = f"{letter.text} runs to {self.formulas[spot.formula].source.piece(size.at)}"
        why = self._why(said, spot.formula, letter.at)
        self.ranges.learn(place, size_term(size, self.known, self.formulas[spot.formula].source), why)

    def _expectation(self, n: Expect, spot: Spot) -> None:
        if n.letter is not None and isinstance(n.weights, Name):
            split = self.splitter.split(self.uses[n.weights])
            why = self._why("", spot.formula, n.weights.at)
            self.ranges.same(("bound", n), ("slot", split.key, len(split.indices)), why)

    def _delta(self, n: Kronecker, spot: Spot) -> None:
        left, right = n.left, n.right
        if left.kind == right.kind == "letter":
            one, other = (self.letters.part_place(p, spot) for p in (left, right))
            self.ranges.perhaps_same(one, other, self._why("", spot.formula, left.at))

    def _call(self, n: Call, spot: Spot) -> None:
        why = self._why("", spot.formula, n.at)
        if self.letters.is_entry(n.name):
            split = self.splitter.split(self.uses[n.name])
            for position, a in enumerate(n.args, len(split.indices)):
                if (ref := self.letters.ref(a, spot)) is not None:
                    self.ranges.same(ref, ("slot", split.key, position), why)
            return
        opaque = self.opaques.call(n, spot)
        for position, hole in enumerate(opaque.holes):
            if hole.kind == "letter":
                self.ranges.same(
                    self.splitter.letter(hole.text, spot.bound, spot.formula), ("slot", opaque.text, position), why
                )

    def settle(self) -> None:
        """The only declared size is the range of what has none."""
        self.ranges.settle()
        sizes = self.known.sizes
        if len(sizes) != 1:
            return
        nowhere = Evidence("the only declared size", self.formulas[0].source, Span(0, 1))
        places: list[object] = [("bound", s.node) for s in self.collected.spots if isinstance(s.node, Big | Range)]
        places += self.splitter.letters
        places += [("slot", k, n) for k, r in self.splitter.ranks.items() for n in range(max(r))]
        for place in places:
            if self.ranges.of(place) is None:
                self.ranges.learn(place, sizes[0], nowhere)


_READINGS: dict[type[Node], Callable[[Links, Any, Spot], object]] = {
    Big: Links._big,
    Family: Links._range_said,
    Range: Links._range_said,
    Expect: Links._expectation,
    Kronecker: Links._delta,
    Indicator: Links._indicator,
    Call: Links._call,
    Deriv: Links._derivative,
    Component: Links._component,
    Member: Links._member,
    Chain: lambda links, n, spot: links._axes(spot).agreeing(list(n.sides), n),
    Grad: lambda links, n, spot: links._axes(spot).of(n),
}
