"""What the named functions of the language mean to the audit, on numbers and on jets.

Contract. Each is composed of what lifts to jets, or gives its own Taylor coefficients; where a function has a kink or a
jump it has a value and no derivative.

Blind spot. The tests compare them with finite differences of functions that mpmath knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import factorial, perm

from mpmath import libmp

from gradproof.audit.arithmetic import (
    HALF,
    MINUS,
    ONE,
    ZERO,
    Arithmetic,
    Real,
    Undefined,
    Value,
    from_int,
    parts_of,
    real_neg,
    to_text,
)


def _sigmoid(c: Arithmetic, x: Value) -> Value:
    return c.power(c.add(ONE, c.exp(c.negative(x))), MINUS)


def _tanh(c: Arithmetic, x: Value) -> Value:
    up, down = c.exp(x), c.exp(c.negative(x))
    return c.mul(c.sub(up, down), c.power(c.add(up, down), MINUS))


def _maximum(c: Arithmetic, *xs: Value) -> Value:
    best = xs[0]
    for x in xs[1:]:
        best = c.larger(best, x)
    return best


def _circular(quarter: int) -> Callable[..., Value]:
    """The sine, or a quarter turn on the cosine."""

    def value(c: Arithmetic, x: Value) -> Value:
        def taylor(a: Real, order: int) -> list[Real]:
            cosine, sine = libmp.mpf_cos_sin(a, c.precision)
            turns = (sine, cosine, real_neg(sine), real_neg(cosine))
            return [c.over(turns[(quarter + n) % 4], from_int(factorial(n))) for n in range(order + 1)]

        return c.lift(taylor, x)

    return value


def _lgamma(c: Arithmetic, x: Value) -> Value:
    def taylor(a: Real, order: int) -> list[Real]:
        if a == ZERO or a[0]:
            raise Undefined(f"log Gamma of {to_text(a)}")
        higher = [c.over(libmp.mpf_psi(n, a, c.precision), from_int(factorial(n + 1))) for n in range(order)]
        return [libmp.mpf_loggamma(a, c.precision), *higher]

    return c.lift(taylor, x)


def _relative_entropy(c: Arithmetic, x: Value, y: Value) -> Value:
    """x log(x / y), and 0 where x is 0 and stays there."""
    a, b = parts_of(x)[0], parts_of(y)[0]
    if a[0] or b[0] or b == ZERO:
        raise Undefined(f"relative entropy of {to_text(a)} to {to_text(b)}")
    if a == ZERO:
        if any(part != ZERO for mask, part in parts_of(x).items() if mask):
            raise Undefined("derivative of x log x at 0")
        return ZERO
    return c.mul(x, c.sub(c.log(x), c.log(y)))


def _jump(low: Real, high: Real) -> Callable[..., Value]:
    """A function of the sign of its argument, flat on either side and without a derivative at 0."""

    def value(c: Arithmetic, x: Value) -> Value:
        a = parts_of(x)[0]
        if a == ZERO and c.moves(x):
            raise Undefined("derivative of a jump")
        return ZERO if a == ZERO else low if a[0] else high

    return value


SHAPES = 6  # coefficients of a sample function


def sample_function(c: Arithmetic, coefficients: Mapping[tuple[int, ...], Real], order: int, x: Value) -> Value:
    """The derivative of this order of a + b t + c t^2 + d t^3 + e sin t + f exp(-t), all derivatives in closed form."""
    *cubics, wave, decay = (coefficients[n + 1,] for n in range(SHAPES))

    def derivative(t: Real, n: int) -> Real:
        cosine, sine = libmp.mpf_cos_sin(t, c.precision)
        turns = (sine, cosine, real_neg(sine), real_neg(cosine))
        fall = libmp.mpf_exp(real_neg(t), c.precision)
        cubic: Value = ZERO
        for power in range(3, n - 1, -1):  # by Horner
            cubic = c.add(c.mul(cubic, t), c.mul(cubics[power], from_int(perm(power, n))))
        total = c.add(cubic, c.add(c.mul(wave, turns[n % 4]), c.mul(decay, real_neg(fall) if n % 2 else fall)))
        return parts_of(total)[0]

    def taylor(t: Real, most: int) -> list[Real]:
        return [c.over(derivative(t, order + n), from_int(factorial(n))) for n in range(most + 1)]

    return c.lift(taylor, x)


# What a function name means; a new function needs a line here, composed of what lifts to jets.
FUNCTIONS: dict[str, Callable[..., Value]] = {
    "exp": Arithmetic.exp,
    "log": Arithmetic.log,
    "sigmoid": _sigmoid,
    "softplus": lambda c, x: c.log(c.add(ONE, c.exp(x))),
    "tanh": _tanh,
    "log1p": lambda c, x: c.log(c.add(ONE, x)),
    "expm1": lambda c, x: c.sub(c.exp(x), ONE),
    "sqrt": lambda c, x: c.power(x, HALF),
    "abs": lambda c, x: c.larger(x, c.negative(x)),
    "sin": _circular(0),
    "cos": _circular(1),
    "lgamma": _lgamma,
    "relentr": _relative_entropy,
    "max": _maximum,
    "relu": lambda c, x: c.larger(x, ZERO),
    "step": _jump(ZERO, ONE),
    "sign": _jump(MINUS, ONE),
    "min": lambda c, *xs: c.negative(_maximum(c, *(c.negative(x) for x in xs))),
}
