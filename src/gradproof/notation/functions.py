"""The named functions of real numbers, and what is written with them: maximum, minimum, clip, indicators.

Contract. `maximum`, `minimum`, `clip`, `at_most` and `before` are terms in relu and step, without rules of their own.

Blind spot. At a kink they have the values of relu and step; that there is no derivative there is left to the rules.
"""

from __future__ import annotations

from gradproof import expression as x
from gradproof.expression import Expr, Number, Scalar, coerce


def _function(name: str, *args: Scalar) -> Expr:
    return x.Function(tuple(coerce(a) for a in args), (name,))


def exp(a: Scalar) -> Expr:
    return _function("exp", a)


def log(a: Scalar) -> Expr:
    """The natural logarithm."""
    return _function("log", a)


def sigmoid(a: Scalar) -> Expr:
    """The logistic function 1 / (1 + exp(-a))."""
    return _function("sigmoid", a)


def softplus(a: Scalar) -> Expr:
    """log(1 + exp(a))."""
    return _function("softplus", a)


def tanh(a: Scalar) -> Expr:
    return _function("tanh", a)


def sin(a: Scalar) -> Expr:
    return _function("sin", a)


def cos(a: Scalar) -> Expr:
    return _function("cos", a)


def lgamma(a: Scalar) -> Expr:
    """log Gamma(a) for a > 0: lgamma(n + 1) is log n!."""
    return _function("lgamma", a)


def rel_entr(a: Scalar, b: Scalar) -> Expr:
    """a log(a / b) for a > 0, and 0 for a = 0, where b > 0: the terms of a relative entropy with 0 log 0 = 0."""
    return _function("relentr", a, b)


def relu(a: Scalar) -> Expr:
    """The larger of a and 0."""
    return _function("relu", a)


def step(a: Scalar) -> Expr:
    """The indicator of a > 0."""
    return _function("step", a)


def at_most(i: Expr | int, j: Expr | int) -> Expr:
    """The indicator of i <= j, for indices: a sum over i of at_most(i, j) f_i is a prefix sum."""
    return step(coerce(j) - coerce(i) + 1)


def before(i: Expr | int, j: Expr | int) -> Expr:
    """The indicator of i < j, for indices."""
    return step(coerce(j) - coerce(i))


def sign(a: Scalar) -> Expr:
    """1, 0 or -1."""
    return _function("sign", a)


def absolute(a: Scalar) -> Expr:
    """The magnitude |a|."""
    return _function("abs", a)


def maximum(a: Scalar, b: Scalar) -> Expr:
    """The larger of two numbers, as b + relu(a - b)."""
    return coerce(b) + relu(coerce(a) - coerce(b))


def minimum(a: Scalar, b: Scalar) -> Expr:
    """The smaller of two numbers, as a - relu(a - b)."""
    return coerce(a) - relu(coerce(a) - coerce(b))


def clip(a: Scalar, low: Scalar, high: Scalar) -> Expr:
    """a, but at least `low` and at most `high`, where low <= high."""
    return coerce(low) + relu(coerce(a) - coerce(low)) - relu(coerce(a) - coerce(high))


def sqrt(a: Scalar) -> Expr:
    return x.power(coerce(a), Number.of(x.Fraction(1, 2)))
