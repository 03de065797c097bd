"""Differences that floating point would lose: e^a - 1 - a, and a in b + softplus(a - b) where b is far below 0.

Contract. What is found is an operation of its own in every target, accurate where a is tiny.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gradproof.expression import Expr, Number, add, mul

from .terms import called, coefficient, collected, flat, negative, without


def residuals(terms: Sequence[Expr]) -> tuple[list[tuple[Fraction, Expr]], list[Expr]]:
    """The pairs (n, a) with n * (e^a - 1 - a) among the terms, and the terms that are left."""
    found: list[tuple[Fraction, Expr]] = []
    rest = list(terms)
    for term in terms:
        number, inner = coefficient(term)
        if not called(inner, "expm1"):
            continue
        argument = inner.args[0]
        others = [t for t in flat(rest) if t != term]
        left = without(others, [mul(Number.of(-number), t) for t in flat([argument])])
        if left is not None:
            found.append((number, argument))
            rest = left
    return found, rest


def sums_of_exponentials(terms: Sequence[Expr]) -> tuple[list[tuple[Fraction, Expr, Expr]], list[Expr]]:
    """The triples (n, a, b) with n * log(e^a + e^b) among the terms, as b + softplus(a - b), and what is left."""
    found: list[tuple[Fraction, Expr, Expr]] = []
    rest = list(terms)
    for term in terms:
        number, inner = coefficient(term)
        if not called(inner, "softplus"):
            continue
        others = [t for t in flat(rest) if t != term]
        low: list[Expr] = []
        for t in flat([negative(inner.args[0])]):
            left = without(others, [mul(Number.of(number), t)])
            if left is not None:
                others, low = left, [*low, t]
        if low:
            found.append((number, collected([*low, inner.args[0]]), add(*low)))
            rest = others
    return found, rest
