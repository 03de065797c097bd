"""Probability laws of one real variable: parameters, support, and how fast a function may grow and keep its mean.

Contract. A `Law` is a family's name with its parameters. `LAWS` says in which sets the parameters lie, which set the
variable runs through, and, in `rates`, the positive numbers r_i for which exp(c x) has a mean where every sign_i c is
below r_i; where there are none, it always has. Densities are no business of this file: the audit has its own.

Blind spot. What a name means is not said here; `gradproof.audit.laws` says it by densities, the rules by moments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gradproof.expression.core import Expr, Number
from gradproof.expression.domains import BINARY, COUNTS, POSITIVE, REAL, UNIT, Interval

Rates = tuple[tuple[int, Expr], ...]


def _every_rate(*parameters: Expr) -> Rates:
    return ()


@dataclass(frozen=True)
class Family:
    """A family of laws: the sets of its parameters, and its support."""

    parameters: tuple[Interval, ...]
    support: Interval
    rates: Callable[..., Rates] = _every_rate


ONE = Number.of(1)
LAWS: Mapping[str, Family] = {
    "Gaussian": Family((REAL, POSITIVE), REAL),  # mean, variance
    "Poisson": Family((POSITIVE,), COUNTS),  # mean
    "Exponential": Family((POSITIVE,), POSITIVE, lambda rate: ((1, rate),)),
    "Bernoulli": Family((UNIT,), BINARY),  # probability of 1
    "Uniform": Family((), UNIT),  # on (0, 1)
    "Laplace": Family((REAL, POSITIVE), REAL, lambda mean, scale: ((1, ONE / scale), (-1, ONE / scale))),
    "Gumbel": Family((REAL,), REAL, lambda location: ((1, ONE),)),  # of maxima, scale 1
}


@dataclass(frozen=True)
class Law:
    """A law of one real variable: N(mu, sigma^2), Exp(r), ..."""

    name: str
    parameters: tuple[Expr, ...] = ()

    def __post_init__(self) -> None:
        if self.name not in LAWS:
            raise ValueError(f"unknown law {self.name!r}; known: {', '.join(LAWS)}")
        if len(self.parameters) != len(LAWS[self.name].parameters):
            raise ValueError(f"{self.name} has {len(LAWS[self.name].parameters)} parameters, found {self.parameters!r}")

    @property
    def family(self) -> Family:
        return LAWS[self.name]

    @property
    def rates(self) -> Rates:
        return self.family.rates(*self.parameters)
