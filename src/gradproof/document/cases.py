"""A result with a Kronecker delta, told as its two cases: the indices equal, the indices different.

Contract. A theorem holds for all values of its free indices, so reading it with one index in place of the other, or
with delta = 0 under the proviso that they differ, is the theorem itself. Only numbers are tidied up: 1 * a, 0 * a,
a + 0, 1 + a - 1.

Blind spot. One delta of two free indices; a statement with several is printed as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gradproof import expression as x
from gradproof.expression import Delta, Expr, Index, Number, Relation, substitute, subterms

ZERO, ONE = Number.of(0), Number.of(1)


@dataclass(frozen=True)
class Split:
    """The two indices; `kept` stands for both where they are equal."""

    dropped: Index
    kept: Index

    @property
    def equal(self) -> Relation:
        return Relation.of(self.dropped, "=", self.kept)

    @property
    def different(self) -> Relation:
        return Relation.of(self.dropped, "!=", self.kept)

    def where_equal(self, e: Expr) -> Expr:
        return _with_delta(substitute(e, self.dropped, self.kept), (self.kept, self.kept), ONE)

    def where_different(self, e: Expr) -> Expr:
        return _with_delta(e, (self.dropped, self.kept), ZERO)


def split(statement: Expr) -> Split | None:
    """The indices whose equality decides the result, or None."""
    if not (isinstance(statement, Relation) and statement.operator == "="):
        return None
    result = statement.args[1]
    deltas = {d.args for d in subterms(result) if isinstance(d, Delta)}
    if len({frozenset(d) for d in deltas}) != 1:
        return None
    first, second = next(iter(deltas))
    if not (isinstance(first, Index) and isinstance(second, Index) and first != second and first.size == second.size):
        return None
    varied = {a for t in subterms(statement) if isinstance(t, x.Derivative) for a in t.args[1].args}
    return Split(second, first) if first in varied and second not in varied else Split(first, second)


def _with_delta(e: Expr, pair: tuple[Index, Index], value: Number) -> Expr:
    if isinstance(e, Delta) and set(e.args) == set(pair):
        return value
    if not e.args:
        return e
    rebuilt = _numbers_joined(e.rebuild(tuple(_with_delta(a, pair, value) for a in e.args)))
    vanishes = isinstance(rebuilt, x.Sum) and rebuilt.args[1] == ZERO
    return ZERO if vanishes else rebuilt


def _numbers_joined(e: Expr) -> Expr:
    """The numbers of a sum as one, where the first of them stands."""
    numbers = [a for a in e.args if isinstance(a, Number)] if isinstance(e, x.Add) else []
    if len(numbers) < 2:
        return e
    total = Number.of(sum(n.value for n in numbers))
    first = next(n for n, a in enumerate(e.args) if isinstance(a, Number))
    return x.add(*(total if n == first else a for n, a in enumerate(e.args) if n == first or a not in numbers))


Reading = Callable[[Expr], Expr]
