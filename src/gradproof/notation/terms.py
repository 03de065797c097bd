"""Sums, products, derivatives, limits, means, roots and orders, written with the index or symbol that they bind.

Contract. What is bound is closed at once: the letter is a hint for the page, and the same term with another letter is
equal to it.

Blind spot. A sum over an index that the body does not mention is the body times the size, as it should be; it may have
been a slip.
"""

from __future__ import annotations

from gradproof import expression as x
from gradproof.expression import Derivative, Expr, Index, Law, Relation, Scalar, Symbol, coerce


def delta(i: Expr | int, j: Expr | int) -> Expr:
    """The Kronecker delta."""
    return x.Delta((coerce(i), coerce(j)))


def Sum(body: Scalar, *over: Index) -> Expr:
    """The sum of `body` over the indices, the first of them innermost."""
    term = coerce(body)
    for i in over:
        term = x.Sum.over(i, term)
    return term


def Product(body: Scalar, *over: Index) -> Expr:
    term = coerce(body)
    for i in over:
        term = x.Product.over(i, term)
    return term


def D(body: Expr, *variables: Expr) -> Expr:
    """The (mixed) partial derivative; D(L, z[k]) moves the whole of z."""
    for v in variables:
        body = Derivative.of(body, v)
    return body


def Limit(body: Expr, symbol: Symbol, point: Scalar, side: str = "") -> Expr:
    """The limit as `symbol` tends to `point`; side "+" is from above."""
    return x.Limit((body, coerce(point)), (symbol, side))


def E(body: Scalar, symbol: Symbol, law: Law) -> Expr:
    """The mean of `body` where `symbol`, declared with the law's support as its domain, follows the law."""
    return x.Expectation.of(coerce(body), symbol, law)


def root(equation: Relation, unknown: Symbol) -> x.Root:
    """The only solution of an equation, whose left side is monotone in the unknown and whose right side is free of it.

    tau = let("tau", root(Eq(Sum(relu(z[j] - t), j), 1), t)) is the threshold of sparsemax.
    """
    if equation.operator != "=":
        raise TypeError(f"a root solves an equation, not {equation!r}")
    left, right = equation.args
    return x.Root.of(left, right, unknown)


def argsort(family: Expr, i: Index, at: Expr) -> x.Ranking:
    """The position of the at-th smallest: argsort(a[i], i, k) is argsort(a)[k]; of equals the first comes first."""
    return x.Ranking.of("argsort", x.Vector.over(i, family), at)


def rank(family: Expr, i: Index, at: Expr) -> x.Ranking:
    """The place of the entry `at` when the family is sorted, smallest first: the inverse of `argsort`."""
    return x.Ranking.of("rank", x.Vector.over(i, family), at)
