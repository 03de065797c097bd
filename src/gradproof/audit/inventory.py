"""What has to be drawn before a set of terms has values.

Contract. `take_stock` finds every symbol, array and free index that the terms and the givens mention, through
definitions and shapes; symbols that say how far an index runs are sizes. All in order of name, the same in every run.

Blind spot. Two different arrays of one name are two arrays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gradproof import expression as x
from gradproof.derivation import Given
from gradproof.expression import Array, Definition, Expr, Index, Symbol, Unknown


@dataclass(frozen=True)
class Inventory:
    sizes: tuple[Symbol, ...]
    symbols: tuple[Symbol, ...]
    arrays: tuple[Array, ...]
    indices: tuple[Index, ...]
    functions: tuple[Unknown, ...] = ()


class _Stock:
    def __init__(self) -> None:
        self.sizes: set[Symbol] = set()
        self.symbols: set[Symbol] = set()
        self.arrays: set[Array] = set()
        self.functions: set[Unknown] = set()
        self.seen: set[Expr | Definition] = set()

    def visit(self, e: Expr) -> None:
        if e in self.seen:
            return
        self.seen.add(e)
        if isinstance(e, Symbol):
            self.symbols.add(e)
        elif isinstance(e, (Index, x.Binder)):
            self.reach(e.size)
        elif isinstance(e, (x.Entry, x.OfMatrix)):
            self.base(e.base)
        elif isinstance(e, x.Application):
            self.functions.add(e.function)
        elif isinstance(e, (x.Limit, x.Optimum, x.Root, x.Expectation)):
            variable = e.data[1] if isinstance(e, x.Optimum) else e.data[0]
            self.base(variable) if isinstance(variable, Array) else self.visit(variable)
        for a in e.args:
            self.visit(a)

    def base(self, base: Array | Definition) -> None:
        for size in base.shape:
            self.reach(size)
        if isinstance(base, Array):
            self.arrays.add(base)
        elif base not in self.seen:
            self.seen.add(base)
            self.visit(base.body)

    def reach(self, size: Expr) -> None:
        """A term that says how far an index runs."""
        self.sizes.update(s for s in size.free if isinstance(s, Symbol))
        self.visit(size)


def take_stock(terms: Iterable[Expr], givens: Iterable[Given] = ()) -> Inventory:
    stock, indices = _Stock(), set[Index]()
    for e in terms:
        stock.visit(e)
        indices |= _indices(e.free)
    for given in givens:
        stock.visit(given.relation)
        pairs = {i for pair in given.apart for i in pair}
        for i in pairs.union(given.over):
            stock.visit(i)
        indices |= (_indices(given.relation.free) | pairs) - set(given.over)
    return Inventory(
        tuple(sorted(stock.sizes, key=lambda s: s.name)),
        tuple(sorted(stock.symbols - stock.sizes, key=lambda s: s.name)),
        tuple(sorted(stock.arrays, key=lambda a: a.name)),
        tuple(sorted(indices, key=lambda i: (i.name, i.size.key))),
        tuple(sorted(stock.functions, key=lambda f: f.name)),
    )


def _indices(free: Iterable[object]) -> set[Index]:
    return {i for i in free if isinstance(i, Index)}


def patterns(relation: Expr, array: Array) -> tuple[tuple[Expr | None, ...], ...]:
    """How the relation indexes the array; None for an index that runs."""
    found: dict[tuple[Expr | None, ...], None] = {}

    def visit(e: Expr, depth: int) -> None:
        if isinstance(e, x.Entry):
            if e.base == array:
                found[tuple(_outer(a, depth) for a in e.args)] = None
            elif isinstance(e.base, Definition) and array in e.base.body.free:
                found[(None,) * len(array.shape)] = None
        if isinstance(e, x.OfMatrix) and array in e.free:  # all of its entries
            found[(None,) * len(array.shape)] = None
        for position, a in enumerate(e.args):
            visit(a, depth + (isinstance(e, x.Binder) and position == 1))

    visit(relation, 0)
    return tuple(found)


def _outer(argument: Expr, depth: int) -> Expr | None:
    """The argument as the given's `over` sees it, or None if it runs inside the relation."""
    if not argument.loose:
        return argument
    if isinstance(argument, x.Bound) and argument.data[0] >= depth:
        return x.Bound((), (argument.data[0] - depth,))
    return None
