"""The range of each index of a SymPy expression, which SymPy itself does not keep.

Contract. A bound index takes its range from its own limits; a free one from `Idx`, from the shape of an array that it
enters, from another index at the same place of that array, or, failing these, from the other side of a Kronecker delta.
Two different ranges for one index are an error, and so is none; nothing is guessed.

Blind spot. Only what stands in this one expression is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sympy

from gradproof.errors import BadInput
from gradproof.expression import NATURAL, Expr, Number, Symbol

Scope = Mapping[Any, Expr]  # bound index -> its size
LETTERS = sympy.Symbol | sympy.Idx  # what SymPy users write indices with
Place = tuple[Any, ...]  # ("index", symbol) or ("slot", array, position)


def size_of(upper: Any, where: str) -> Expr:
    """A size from the upper end of a range: a symbol or a positive integer."""
    if isinstance(upper, sympy.Integer) and upper > 0:
        return Number.of(int(upper))
    if isinstance(upper, sympy.Symbol) and upper.is_positive is not False:
        return Symbol.of(upper.name, NATURAL)
    raise BadInput(
        "the upper end of a range must be a size",
        where=where,
        expected="a symbol such as K, or a positive integer",
        found=str(upper),
        advice="name the size with a symbol of its own, for example M = sympy.Symbol('M', integer=True, positive=True)",
    )


def range_of(limits: Any, whole: Any) -> tuple[Any, Expr]:
    """(index, size) from the limits (i, 1, K) of a sum or product."""
    where = str(whole)
    if len(limits) != 3:
        raise BadInput(
            f"index {limits[0]} has no range", where=where, advice=f"write the limits as ({limits[0]}, 1, K)"
        )
    index, lower, upper = limits
    if lower != 1:
        raise BadInput(
            f"index {index} must start at 1",
            where=where,
            expected=f"({index}, 1, {upper})",
            found=f"({index}, {lower}, {upper})",
            advice="shift the index so that it runs from 1; classes are counted from 1",
        )
    return index, size_of(upper, where)


def shown(place: Place) -> str:
    if place[0] == "index":
        return f"index {place[1]}"
    return f"position {place[2] + 1} of {place[1]}"


class Ranges:
    """What is known of sizes: facts about places, and links between places that share their range."""

    def __init__(self, declared: Mapping[str, Expr]) -> None:
        self.known: dict[Place, Expr] = {}
        self.links: list[tuple[Place, Place]] = []
        self.weak: list[tuple[Place, Place | Expr]] = []
        self.declared = declared
        self.sizes: dict[str, Any] = {}
        self.ranks: dict[Any, int] = {}

    @classmethod
    def infer(cls, expressions: Iterable[Any], declared: Mapping[str, Expr]) -> Ranges:
        """Collect the facts of all expressions and spread them along the links."""
        ranges = cls(declared)
        for e in expressions:
            ranges._collect(e, {})
        ranges._spread(ranges.links)
        for one, other in ranges.weak:
            if isinstance(other, Expr):
                ranges.known.setdefault(one, other)
            else:
                ranges._spread([(one, other)] if (one in ranges.known) != (other in ranges.known) else [])
        ranges._spread(ranges.links)
        return ranges

    def of_index(self, symbol: Any, where: str) -> Expr:
        """The size of a free index."""
        found = self.known.get(("index", symbol))
        if found is None:
            raise BadInput(
                f"the range of index {symbol} is not known",
                where=where,
                advice=f"give the array a shape, as in IndexedBase('z', shape=(K,)), or pass ranges={{'{symbol}': K}}",
            )
        return found

    def of_slot(self, array: Any, position: int, where: str) -> Expr:
        """The size that an array has at a position."""
        found = self.known.get(("slot", array, position))
        if found is None:
            raise BadInput(
                f"the size of {array} at position {position + 1} is not known",
                where=where,
                advice=f"give it a shape, as in IndexedBase('{array}', shape=(K,)), or pass ranges={{'i': K}}",
            )
        return found

    def is_index(self, symbol: Any) -> bool:
        """Whether a free symbol stands where an index stands, anywhere in the expression."""
        return ("index", symbol) in self.known or any(("index", symbol) in pair for pair in (*self.links, *self.weak))

    def _size(self, limits: Any, whole: Any) -> Expr:
        """The size in the limits, its symbol put on record as the name of a size."""
        upper = limits[-1]
        if isinstance(upper, sympy.Symbol) and self.sizes.setdefault(upper.name, upper) != upper:
            raise BadInput(
                f"two different sizes are called {upper.name}",
                where=str(whole),
                found=f"{sympy.srepr(self.sizes[upper.name])} and {sympy.srepr(upper)}",
                advice="SymPy tells symbols apart by their assumptions too; declare the size once",
            )
        return range_of(limits, whole)[1]

    def _learn(self, place: Place, size: Expr) -> None:
        old = self.known.setdefault(place, size)
        if old != size:
            raise BadInput(
                f"{shown(place)} has two ranges: 1 to {_text(old)} and 1 to {_text(size)}",
                advice="use another letter, or make the two sizes the same symbol",
            )

    def _spread(self, links: list[tuple[Place, Place]]) -> None:
        moving = True
        while moving:
            before = len(self.known)
            for one, other in links:
                for source, target in ((one, other), (other, one)):
                    if source in self.known:
                        self._learn(target, self.known[source])
            moving = len(self.known) > before

    def _collect(self, e: Any, scope: Scope) -> None:
        if isinstance(e, sympy.Sum | sympy.Product):
            self._collect(e.function, {**scope, **{limits[0]: self._size(limits, e) for limits in e.limits}})
        elif isinstance(e, sympy.Indexed):
            self._collect_entry(e, scope)
        elif isinstance(e, sympy.KroneckerDelta):
            self._collect_delta(e, scope)
        else:
            for a in _parts(e):
                self._collect(a, scope)

    def _collect_entry(self, e: Any, scope: Scope) -> None:
        shape = e.base.shape
        if self.ranks.setdefault(e.base, len(e.indices)) != len(e.indices):
            raise BadInput(
                f"{e.base} is used with {self.ranks[e.base]} indices and with {len(e.indices)}", where=str(e)
            )
        for position, index in enumerate(e.indices):
            slot = ("slot", e.base, position)
            if shape is not None and position < len(shape):
                self._learn(slot, self._size((index, 1, shape[position]), e))
            if index in scope:
                self._learn(slot, scope[index])
            elif isinstance(index, LETTERS):
                self._learn_free(index, str(e))
                self.links.append((("index", index), slot))
            elif not isinstance(index, sympy.Integer):
                raise BadInput(
                    "an index must be a letter or a number", where=str(e), expected=f"{e.base}[i]", found=str(index)
                )

    def _collect_delta(self, e: Any, scope: Scope) -> None:
        one, other = e.args[:2]
        for index in (one, other):
            if isinstance(index, LETTERS) and index not in scope:
                self._learn_free(index, str(e))
        if one in scope and other not in scope:
            self.weak.append((("index", other), scope[one]))
        elif other in scope and one not in scope:
            self.weak.append((("index", one), scope[other]))
        elif one not in scope:
            self.weak.append((("index", one), ("index", other)))

    def _learn_free(self, index: Any, where: str) -> None:
        if isinstance(index, sympy.Idx) and index.upper is not None:
            self._learn(("index", index), self._size((index, index.lower, index.upper), where))
        if str(index) in self.declared:
            self._learn(("index", index), self.declared[str(index)])


def _parts(e: Any) -> Iterator[Any]:
    if isinstance(e, sympy.Derivative):
        yield e.expr
        for variable, _ in e.variable_count:
            yield variable
    else:
        yield from e.args


def _text(size: Expr) -> str:
    return size.name if isinstance(size, Symbol) else str(size.data[0])
