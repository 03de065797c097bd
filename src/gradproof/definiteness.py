"""Whether a matrix is positive definite by the form of its entries. TRUSTED.

Contract. `of(M, bounds)` is DEFINITE or SEMIDEFINITE only if M is so wherever the bounds hold: if x^T M x > 0 for every
x but 0, or >= 0 for every x. M need not be symmetric. It knows sums, multiples, diagonal matrices, Gram matrices
sum_a w_a f_ia f_ja, congruences X M X^T, inverses, and the matrices of which the bounds say it.

Blind spot. UNKNOWN says nothing: a kernel such as exp(-(x_i - x_j)^2) is definite for reasons that are not seen here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from gradproof.expression import (
    Add,
    Binder,
    Definition,
    Delta,
    Entry,
    Expr,
    Index,
    Mul,
    OfMatrix,
    Sum,
    is_size,
    mul,
    substitute,
)

UNKNOWN, SEMIDEFINITE, DEFINITE = range(3)


class Place(Index):
    """The row or the column: of another class than indices, so that no term mentions it and no binder opens with it."""

    __slots__ = ()


class Bounds(Protocol):
    """What `gradproof.signs` knows."""

    def positive(self, e: Expr) -> bool: ...
    def nonnegative(self, e: Expr) -> bool: ...
    def opened(self, e: Binder) -> tuple[Index, Expr]: ...


def of(matrix: Definition, bounds: Bounds) -> int:
    """How definite the family of terms is, as a matrix."""
    i, j = (Place.of(name, size) for name, size in zip(("row", "column"), matrix.shape, strict=True))
    return level(matrix.unfold((i, j)), i, j, bounds)


def level(e: Expr, i: Index, j: Index, bounds: Bounds) -> int:
    match e:
        case Add():
            levels = [level(t, i, j, bounds) for t in e.args]
            return max(levels) if min(levels) >= SEMIDEFINITE else UNKNOWN
        case Sum() if is_size(e.size) and not e.size.free & {i, j}:
            return _sum(e, i, j, bounds)
        case Entry() | OfMatrix() if set(e.args) == {i, j}:
            return _matrix(e, bounds)
        case _:
            return _product(e, i, j, bounds)


def _matrix(e: Entry | OfMatrix, bounds: Bounds) -> int:
    """A matrix itself, or its transpose, or the inverse of one: y^T M^-1 y = x^T M^T x where y = M x."""
    least = OfMatrix.of("least eigenvalue", e.base)
    known = DEFINITE if bounds.positive(least) else SEMIDEFINITE if bounds.nonnegative(least) else UNKNOWN
    return known if isinstance(e, Entry) or known == DEFINITE else UNKNOWN


def _scale(factors: Iterable[Expr], bounds: Bounds) -> int:
    """What a nonnegative factor leaves of definiteness at most."""
    scale = mul(*factors)
    return DEFINITE if bounds.positive(scale) else SEMIDEFINITE if bounds.nonnegative(scale) else UNKNOWN


def _factors(e: Expr) -> tuple[Expr, ...]:
    return e.args if isinstance(e, Mul) else (e,)


def _product(e: Expr, i: Index, j: Index, bounds: Bounds) -> int:
    """w f_i M_ij f_j with w >= 0, where M may be missing, or the diagonal matrix w_i delta_ij."""
    factors = list(_factors(e))
    diagonal = [f for f in factors if isinstance(f, Delta) and set(f.args) == {i, j}]
    if diagonal:
        return _scale((f for f in factors if f not in diagonal), bounds)
    rows = [f for f in factors if i in f.free and j not in f.free]
    columns = [f for f in factors if j in f.free and i not in f.free]
    inner = [f for f in factors if i in f.free and j in f.free]
    scale = _scale((f for f in factors if f not in (*rows, *columns, *inner)), bounds)
    if len(inner) > 1 or not _same(substitute(mul(*rows), i, j), mul(*columns)):
        return UNKNOWN
    if not inner:
        return min(scale, SEMIDEFINITE)
    if e == inner[0]:  # nothing was taken off
        return UNKNOWN
    return min(scale, level(inner[0], i, j, bounds), SEMIDEFINITE if rows else DEFINITE)


def _sum(e: Sum, i: Index, j: Index, bounds: Bounds) -> int:
    """A sum of such matrices, or X M X^T: sum_a sum_b X_ia M_ab X_jb."""
    a, body = bounds.opened(e)
    found = level(body, i, j, bounds)
    if found or not isinstance(body, Sum) or body.size != e.size:
        return found
    b, inner = bounds.opened(body)
    if a == b:
        return UNKNOWN
    for one, other in ((a, b), (b, a)):
        rows = [f for f in _factors(inner) if i in f.free]
        columns = [f for f in _factors(inner) if j in f.free]
        between = [f for f in _factors(inner) if f not in (*rows, *columns)]
        apart = not any({j, other} & f.free for f in rows) and not any({i, one} & f.free for f in columns)
        if apart and _same(substitute(substitute(mul(*rows), i, j), one, other), mul(*columns)):
            return min(level(mul(*between), one, other, bounds), SEMIDEFINITE)
    return UNKNOWN


def _same(a: Expr, b: Expr) -> bool:
    """Whether two products are equal up to the order of their factors."""
    first, second = (sorted(_factors(e), key=lambda f: f.key) for e in (a, b))
    return first == second
