"""Inverses, determinants and eigenvalues of small matrices, from their entries.

Contract. The inverse and the determinant come from Gauss elimination, where a number that moves is a jet: the pivot is
the entry that is largest in its real part. The least eigenvalue is that of the symmetric part, by mpmath, of numbers
that do not move.

Blind spot. An eigenvalue that moves is `Untestable`, and a pivot below 1e-30 counts as 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations, permutations

import mpmath

from gradproof.audit.arithmetic import (
    MINUS,
    ONE,
    ZERO,
    Arithmetic,
    Jet,
    Undefined,
    Untestable,
    Value,
    less,
    parts_of,
    real_abs,
    to_float,
)

Rows = list[list[Value]]
EIGENVALUE_BITS = 130  # enough to tell rounding from what the audit calls positive
SINGULAR = 1e-30  # a pivot below this is rounding


def _eliminated(c: Arithmetic, rows: Rows) -> Value | None:
    """Turn the left square of the rows into the identity, in place; the determinant, or None where it vanishes."""
    determinant: Value = ONE
    for n in range(len(rows)):
        best = n
        for m in range(n + 1, len(rows)):
            if less(real_abs(parts_of(rows[best][n])[0]), real_abs(parts_of(rows[m][n])[0])):
                best = m
        if best != n:
            rows[n], rows[best] = rows[best], rows[n]
            determinant = c.mul(MINUS, determinant)
        pivot = rows[n][n]
        if to_float(real_abs(parts_of(pivot)[0])) < SINGULAR:
            return None
        determinant = c.mul(determinant, pivot)
        scale = c.power(pivot, MINUS)
        rows[n] = [c.mul(scale, v) for v in rows[n]]
        for m in range(len(rows)):
            if m != n:
                factor = rows[m][n]
                rows[m] = [c.sub(v, c.mul(factor, w)) for v, w in zip(rows[m], rows[n], strict=True)]
    return determinant


def _determinant(c: Arithmetic, rows: Rows) -> Value:
    found = _eliminated(c, [list(row) for row in rows])
    if found is not None:
        return found
    return _signed_products(c, rows) if any(isinstance(v, Jet) for row in rows for v in row) else ZERO


def _signed_products(c: Arithmetic, rows: Rows) -> Value:
    """The determinant by its definition: where a matrix moves through a singular one, elimination has no pivot."""
    total: Value = ZERO
    for order in permutations(range(len(rows))):
        odd = sum(order[a] > order[b] for a, b in combinations(range(len(rows)), 2)) % 2
        term: Value = MINUS if odd else ONE
        for n, m in enumerate(order):
            term = c.mul(term, rows[n][m])
        total = c.add(total, term)
    return total


def _inverse(c: Arithmetic, rows: Rows, i: int, j: int) -> Value:
    """One column of the inverse is solved for."""
    beside = [[*row, ONE if n == j else ZERO] for n, row in enumerate(rows)]
    if _eliminated(c, beside) is None:
        raise Undefined("the inverse of a singular matrix")
    return beside[i][-1]


def _least_eigenvalue(c: Arithmetic, rows: Rows) -> Value:
    if any(isinstance(v, Jet) for row in rows for v in row):
        raise Untestable("an eigenvalue that moves")
    with mpmath.workprec(min(c.precision, EIGENVALUE_BITS)):
        whole = mpmath.matrix([[mpmath.make_mpf(v) for v in row] for row in rows])
        found = mpmath.eigsy((whole + whole.T) / 2, eigvals_only=True)
        return min(found)._mpf_  # type: ignore[no-any-return]


OF_MATRIX: Mapping[str, Callable[..., Value]] = {
    "inverse": _inverse,
    "det": _determinant,
    "least eigenvalue": _least_eigenvalue,
}
