"""Laws by name, and their densities as terms, for statements: N(mean, variance), Exp(rate), ...

Contract. `density(x, law)` is the density of the law, or for a law on whole numbers the probability, as a term.

Blind spot. Nothing rests on these terms: a statement that means another density by a law's name only misleads.
"""

from __future__ import annotations

from gradproof.expression import Constant, Expr, Function, Law, Number, Scalar, coerce

PI = Constant((), ("pi",))


def _call(name: str, a: Expr) -> Expr:
    return Function((a,), (name,))


def _exp(a: Expr) -> Expr:
    return _call("exp", a)


def _law(name: str, *parameters: Scalar) -> Law:
    return Law(name, tuple(coerce(p) for p in parameters))


def Gaussian(mean: Scalar, variance: Scalar) -> Law:
    """N(mean, variance), on the reals."""
    return _law("Gaussian", mean, variance)


def Poisson(rate: Scalar) -> Law:
    """The Poisson law with this mean, on COUNTS."""
    return _law("Poisson", rate)


def Exponential(rate: Scalar) -> Law:
    """The exponential law with mean 1 / rate, on POSITIVE."""
    return _law("Exponential", rate)


def Bernoulli(probability: Scalar) -> Law:
    """1 with this probability, else 0; on BINARY."""
    return _law("Bernoulli", probability)


def Uniform() -> Law:
    """The uniform law on UNIT, the interval (0, 1)."""
    return _law("Uniform")


def Laplace(mean: Scalar, scale: Scalar) -> Law:
    """The double exponential law, on the reals."""
    return _law("Laplace", mean, scale)


def Gumbel(location: Scalar) -> Law:
    """The law of maxima with distribution function _exp(-exp(location - x)), on the reals."""
    return _law("Gumbel", location)


def density(symbol: Scalar, law: Law) -> Expr:
    """The density of the law at `symbol`, or the probability of it, as a term."""
    at = coerce(symbol)
    match law.name, law.parameters:
        case "Gaussian", (mean, variance):
            return _exp(-((at - mean) ** 2) / (2 * variance)) / (2 * PI * variance) ** 0.5
        case "Poisson", (rate,):
            return rate**at * _exp(-rate) / _exp(_call("lgamma", at + 1))
        case "Exponential", (rate,):
            return rate * _exp(-rate * at)
        case "Bernoulli", (p,):
            return p**at * (1 - p) ** (1 - at)
        case "Laplace", (mean, scale):
            return _exp(-_call("abs", at - mean) / scale) / (2 * scale)
        case "Gumbel", (location,):
            return _exp(location - at - _exp(location - at))
    return Number.of(1)
