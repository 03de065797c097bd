"""How fast a term grows in a random variable: enough to know that its expectation exists. TRUSTED.

Contract. `growth(e, x, signs)` is None, or a bound |e| <= C (1 + |x|)^degree (1 + |log x|)^k sum_i exp(rate_i x) for
all x in its domain, where C is free of x and stays bounded nearby in the other symbols; k is 0 unless `log`. The
rate `ANY` stands for exp(b |x|) with some b. `integrable` says that such a bound has a mean under a law.

Blind spot. It knows sums, products, powers and the named functions one by one, so what only cancels, such as a pole
against a zero, is refused; so is a quotient whose denominator is not known to stay away from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil
from typing import Protocol

import gradproof.expression as x
from gradproof.expression import Expr, Interval, Number, Symbol, add, mul, power

ZERO, ANY = Number.of(0), x.Constant((), ("oo",))
BOUNDED = ("sigmoid", "tanh", "sin", "cos", "step", "sign")
AT_MOST_LINEAR = ("softplus", "relu", "abs")  # |f(u)| <= |u| + 1
MOST_FACTORS = 12


class Bounds(Protocol):
    """What is known of terms: see `gradproof.signs.Signs`."""

    def interval(self, e: Expr) -> Interval: ...
    def positive(self, e: Expr) -> bool: ...
    def nonnegative(self, e: Expr) -> bool: ...
    def opened(self, e: x.Binder) -> tuple[x.Index, Expr]: ...


@dataclass(frozen=True)
class Growth:
    degree: Fraction = Fraction(0)
    log: bool = False
    rates: frozenset[Expr] = frozenset((ZERO,))

    @property
    def linear(self) -> bool:
        """At most a constant times 1 + |x|."""
        return self.degree <= 1 and not self.log and self.rates == frozenset((ZERO,))

    def plus(self, other: Growth) -> Growth:
        return Growth(max(self.degree, other.degree), self.log or other.log, self.rates | other.rates)

    def times(self, other: Growth) -> Growth:
        rates = frozenset(add(a, b) for a, b in product(self.rates, other.rates))
        return Growth(self.degree + other.degree, self.log or other.log, rates)


CONSTANT, LINEAR, LOGARITHMIC = Growth(), Growth(Fraction(1)), Growth(log=True)


def integrable(e: x.Expectation, signs: Bounds) -> bool:
    """Whether the body is known to have a mean under the law; `signs` are those inside."""
    found = growth(e.body, e.symbol, signs)
    if found is None:
        return False
    rates = e.law.rates
    return all(signs.positive(add(limit, mul(Number.of(-sign), c))) for sign, limit in rates for c in found.rates)


def growth(e: Expr, v: Symbol, signs: Bounds) -> Growth | None:
    if v not in e.free:
        return CONSTANT
    match e:
        case Symbol():
            return LINEAR
        case x.Add():
            return _total([growth(a, v, signs) for a in e.args])
        case x.Mul():
            return _multiplied([growth(a, v, signs) for a in e.args])
        case x.Pow():
            return _power(e.args[0], e.args[1], v, signs)
        case x.Function() if len(e.args) == 1:
            return _function(e.name, e.args[0], v, signs)
        case x.Entry() if isinstance(e.base, x.Definition):
            return growth(e.base.unfold(e.args), v, signs)
        case x.Sum():
            index, body = signs.opened(e)
            found = growth(body, v, signs)
            return found and Growth(found.degree, found.log, frozenset(_free_of(index, r) for r in found.rates))
        case x.Product():  # a constant to an unknown power
            return CONSTANT if growth(signs.opened(e)[1], v, signs) == CONSTANT else None
    return None


def _free_of(index: x.Index, rate: Expr) -> Expr:
    return ANY if index in rate.free else rate


def _total(parts: list[Growth | None]) -> Growth | None:
    total: Growth = CONSTANT
    for p in parts:
        if p is None:
            return None
        total = total.plus(p)
    return total


def _multiplied(parts: list[Growth | None]) -> Growth | None:
    total: Growth = CONSTANT
    for p in parts:
        if p is None:
            return None
        total = total.times(p)
    return total


def _power(base: Expr, exponent: Expr, v: Symbol, signs: Bounds) -> Growth | None:
    if isinstance(base, x.Function) and base.name == "exp":
        return _exponential(mul(exponent, base.args[0]), v, signs)
    if not isinstance(exponent, Number):
        log = x.Function((base,), ("log",))
        return _exponential(mul(exponent, log), v, signs) if signs.positive(base) else None
    if exponent.value < 0 and isinstance(base, x.Mul):
        return _multiplied([growth(power(f, exponent), v, signs) for f in base.args])
    if exponent.value < 0:
        return CONSTANT if any(_at_least_positive(e, v, signs) for e in (base, -base)) else None
    found = growth(base, v, signs)
    if found is None or exponent.value > MOST_FACTORS:
        return None
    raised = _multiplied([found] * ceil(exponent.value))
    return raised and raised.plus(CONSTANT)  # |u|^r <= 1 + |u|^n for r <= n


def _at_least_positive(e: Expr, v: Symbol, signs: Bounds) -> bool:
    """Whether the term stays above a positive constant: by its bounds, or since one of its terms does not move."""
    low = signs.interval(e).low
    if low is not None and low > 0:
        return True
    if not isinstance(e, x.Add) or not all(signs.nonnegative(t) for t in e.args):
        return False
    return any(v not in t.free and signs.positive(t) for t in e.args)


def _function(name: str, u: Expr, v: Symbol, signs: Bounds) -> Growth | None:
    if name in BOUNDED:
        return CONSTANT
    if name in AT_MOST_LINEAR:
        return _total([growth(u, v, signs)])
    if name in ("exp", "expm1"):
        return _total([_exponential(u, v, signs)])
    if name == "log":
        return _logarithm(u, v, signs)
    if name == "log1p":
        return _logarithm(add(Number.of(1), u), v, signs)
    if name == "lgamma" and _at_least_positive(u, v, signs):  # log Gamma(u) <= u log u + C
        found = growth(u, v, signs)
        return _multiplied([found, found])
    return None


def _exponential(u: Expr, v: Symbol, signs: Bounds) -> Growth | None:
    """exp of a sum, each term of which is bounded above, at most linear, or a multiple of a logarithm."""
    return _multiplied([_factor(t, v, signs) for t in _terms(u)])


def _terms(e: Expr) -> tuple[Expr, ...]:
    if isinstance(e, x.Entry) and isinstance(e.base, x.Definition):
        return _terms(e.base.unfold(e.args))
    if isinstance(e, x.Mul) and len(e.args) == 2 and isinstance(e.args[0], Number):
        return tuple(mul(e.args[0], t) for t in _terms(e.args[1]))
    return tuple(t for a in e.args for t in _terms(a)) if isinstance(e, x.Add) else (e,)


def _factor(t: Expr, v: Symbol, signs: Bounds) -> Growth | None:
    """exp(t), which for t = c log w is w^c."""
    number, log = t.args if isinstance(t, x.Mul) and len(t.args) == 2 else (Number.of(1), t)
    if isinstance(number, Number) and isinstance(log, x.Function) and log.name == "log":
        return growth(power(log.args[0], number), v, signs)
    rate = _rate(t, v, signs)
    return None if rate is None else Growth(rates=frozenset((rate,)))


def _rate(t: Expr, v: Symbol, signs: Bounds) -> Expr | None:
    """c where t <= c x + constant."""
    if v not in t.free or signs.interval(t).high is not None:
        return ZERO
    factors = t.args if isinstance(t, x.Mul) else (t,)
    others = [f for f in factors if f != v]
    if len(others) == len(factors) - 1 and not any(v in f.free for f in others):
        return mul(*others)
    found = growth(t, v, signs)
    return ANY if found is not None and found.linear else None


def _logarithm(u: Expr, v: Symbol, signs: Bounds) -> Growth | None:
    """|log u| for a positive u."""
    if v not in u.free:
        return CONSTANT
    match u:
        case Symbol():
            return LOGARITHMIC
        case x.Function() if u.name in ("exp", "sigmoid"):  # |log sigma(w)| <= |w| + 1
            return _total([growth(u.args[0], v, signs)])
        case x.Mul() if all(signs.positive(f) for f in u.args):
            return _total([_logarithm(f, v, signs) for f in u.args])
        case x.Pow() if signs.positive(u.args[0]):
            return _multiplied([growth(u.args[1], v, signs), _logarithm(u.args[0], v, signs)])
        case x.Entry() if isinstance(u.base, x.Definition):
            return _logarithm(u.base.unfold(u.args), v, signs)
    found = growth(u, v, signs)
    if found is None or not _at_least_positive(u, v, signs):
        return None
    return Growth(Fraction(1), found.log)  # log of a polynomial times an exponential
