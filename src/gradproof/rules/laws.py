"""The known moments of laws, as terms: what the rules of `gradproof.rules.expectation` state.

Contract. Each function takes a law and gives a term of its parameters, or raises ValueError where the law has none that
is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import comb, factorial

from gradproof.expression import Expr, Function, Law, Number, add, mul, power
from gradproof.rules.terms import exp, log

ONE, MINUS, HALF = Number.of(1), Number.of(-1), Number.of(Fraction(1, 2))
HIGHEST = 12  # moment


def double_factorial(n: int) -> int:
    return 1 if n <= 0 else n * double_factorial(n - 2)


def stirling(n: int, k: int) -> int:
    """The number of ways to part n things into k nonempty sets."""
    if n == k or k == 0:
        return int(n == k)
    return k * stirling(n - 1, k) + stirling(n - 1, k - 1)


def gaussian_moment(n: int, mean: Expr, variance: Expr) -> Expr:
    rows = range(n // 2 + 1)
    counts = (comb(n, 2 * k) * double_factorial(2 * k - 1) for k in rows)
    return add(
        *(mul(Number.of(c), _whole(mean, n - 2 * k), _whole(variance, k)) for k, c in zip(rows, counts, strict=True))
    )


def laplace_moment(n: int, mean: Expr, scale: Expr) -> Expr:
    rows = range(0, n + 1, 2)
    return add(*(mul(Number.of(factorial(n) // factorial(n - k)), _whole(mean, n - k), _whole(scale, k)) for k in rows))


def poisson_moment(n: int, rate: Expr) -> Expr:
    return add(*(mul(Number.of(stirling(n, k)), _whole(rate, k)) for k in range(n, 0, -1)))


def _whole(e: Expr, n: int) -> Expr:
    return power(e, Number.of(n))


MOMENTS: Mapping[str, Callable[..., Expr]] = {
    "Gaussian": gaussian_moment,
    "Poisson": poisson_moment,
    "Exponential": lambda n, rate: mul(Number.of(factorial(n)), power(rate, Number.of(-n))),
    "Bernoulli": lambda n, p: p,
    "Uniform": lambda n: Number.of(Fraction(1, n + 1)),
    "Laplace": laplace_moment,
}
VARIANCES: Mapping[str, Callable[..., Expr]] = {
    "Gaussian": lambda mean, variance: variance,
    "Poisson": lambda rate: rate,
    "Exponential": lambda rate: power(rate, Number.of(-2)),
    "Bernoulli": lambda p: mul(p, add(ONE, -p)),
    "Uniform": lambda: Number.of(Fraction(1, 12)),
    "Laplace": lambda mean, scale: mul(Number.of(2), power(scale, Number.of(2))),
}
# The mean of exp(c x).
EXPONENTIAL: Mapping[str, Callable[..., Expr]] = {
    "Gaussian": lambda c, mean, variance: exp(add(mul(c, mean), mul(HALF, power(c, Number.of(2)), variance))),
    "Poisson": lambda c, rate: exp(mul(rate, add(exp(c), MINUS))),
    "Exponential": lambda c, rate: rate / add(rate, -c),
    "Bernoulli": lambda c, p: add(ONE, -p, mul(p, exp(c))),
    "Uniform": lambda c: add(exp(c), MINUS) / c,
    "Laplace": lambda c, mean, scale: exp(mul(c, mean)) / add(ONE, -mul(power(c, Number.of(2)), power(scale, 2 * ONE))),
    "Gumbel": lambda c, location: exp(add(mul(c, location), Function((add(ONE, -c),), ("lgamma",)))),
}
# The mean of |x - a|; `gap` is |mean - a|, or None for a = mean.
DISTANCES: Mapping[str, Callable[..., Expr]] = {
    "Laplace": lambda gap, mean, scale: add(gap, mul(scale, exp(-gap / scale))) if gap is not None else scale,
}
# The law as a function of a variable that follows a law without parameters.
STANDARD: Mapping[str, Law] = {
    "Gaussian": Law("Gaussian", (Number.of(0), ONE)),
    "Exponential": Law("Exponential", (ONE,)),
    "Laplace": Law("Laplace", (Number.of(0), ONE)),
    "Gumbel": Law("Exponential", (ONE,)),
}
MAPS: Mapping[str, Callable[..., Expr]] = {
    "Gaussian": lambda e, mean, variance: add(mean, mul(power(variance, HALF), e)),
    "Exponential": lambda e, rate: e / rate,
    "Laplace": lambda e, mean, scale: add(mean, mul(scale, e)),
    "Gumbel": lambda e, location: add(location, -log(e)),
}


def looked_up(table: Mapping[str, Callable[..., Expr]], law: Law, *before: object) -> Expr:
    if law.name not in table:
        raise ValueError(f"not known of the law {law.name}")
    return table[law.name](*before, *law.parameters)


def moment(law: Law, n: int) -> Expr:
    """The mean of x^n."""
    if not 1 <= n <= HIGHEST:
        raise ValueError(f"the moments known are those from 1 to {HIGHEST}, not {n}")
    return looked_up(MOMENTS, law, n)


def mean(law: Law) -> Expr:
    return moment(law, 1)
