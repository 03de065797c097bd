"""Identities of `stabilise` for quotients by a sum of exponentials, whose parts may overflow where the whole does not.

Contract. As `stable_rules`. e^a / S stays one exponential exp(a - log S); where sums of exponentials stand above, each
takes the divisor inside that belongs to it; e^a sigmoid(x) is such a quotient too.

Blind spot. A divisor belongs to a sum if it has the same exponents; otherwise the first sum takes it.
"""

from __future__ import annotations

from collections.abc import Iterator

from gradproof.expression import Add, Array, Expr, Function, Mul, Pow, Sum, Symbol, add, mul
from gradproof.signs import Signs

from .exponentials import has_bare_exponential, is_normalised, is_normaliser, is_sum_of_exponentials, merged
from .shift import find
from .terms import (
    MINUS,
    ONE,
    addends,
    called,
    canonical,
    closed,
    coefficient,
    collected,
    factors,
    flat,
    function,
    negative,
    without,
)


def merge_exponentials(e: Expr, signs: Signs) -> Expr | None:
    return merged(e, signs) if isinstance(e, Mul) else None


def merge_logistic(e: Expr, signs: Signs) -> Expr | None:
    """e^a sigmoid(x)^n = exp(a - n softplus(-x)), where a and x move together: e^a might overflow alone."""
    for f in e.args:
        base, n = f.args if isinstance(f, Pow) else (f, ONE)
        place = next((g for g in e.args if called(g, "exp") and not is_normalised(g.args[0], signs)), None)
        if called(base, "sigmoid") and place is not None and _names(base.args[0]) & _names(place.args[0]):
            others = [h for h in e.args if h is not f and h is not place]
            log_of_f = mul(MINUS, n, function("softplus", negative(base.args[0])))
            return mul(*others, function("exp", collected([*addends(place.args[0]), log_of_f])))
    return None


def _names(a: Expr) -> set[str]:
    """The names on which the terms of an exponent depend, not through a function but log sum_j e^{f_j}."""
    found: set[str] = set()
    for t in flat([a]):
        for f in factors(t):
            if not isinstance(f, Function) or (called(f, "log") and isinstance(f.args[0], Sum)):
                found |= {n.name for n in f.free if isinstance(n, Symbol | Array)}
    return found


def push_normaliser(e: Expr, signs: Signs) -> Expr | None:
    """exp(a - log S) * sum_j v_j e^{f_j}: the quotient goes inside, where it is a softmax."""
    for place in e.args:
        if not (called(place, "sigmoid") or (called(place, "exp") and is_normaliser(place.args[0], signs))):
            continue
        for f in e.args:
            if f is place or not _takes(f, place, signs):
                continue
            others = [g for g in e.args if g is not f and g is not place]
            bare = [g for g in others if isinstance(g, Sum) and has_bare_exponential(g, signs)]
            shared = bare or (called(place, "exp") and is_normalised(place.args[0], signs))
            part, rest = _part(place, f, signs) if shared and isinstance(f, Sum) else (place, ONE)
            return mul(*others, rest, _inside(f, part))
    return None


def _takes(f: Expr, place: Expr, signs: Signs) -> bool:
    """Whether the divisor goes into this factor."""
    if isinstance(f, Sum):
        return has_bare_exponential(f, signs)
    if not isinstance(f, Add) or called(place, "sigmoid"):
        return False
    divisors = list(_divisors(place.args[0], signs))
    return any(has_bare_exponential(t, signs) or any(_wants(t, s) for s in divisors) for t in f.args)


def _wants(term: Expr, divisor: Expr) -> bool:
    """Whether the term has a factor e^{f_k} that log sum_j e^{f_j} would make a softmax, and has not yet."""
    for g in factors(term):
        own = flat([g.args[0]]) if called(g, "exp") else []
        if own and without(own, [negative(divisor)]) is None:
            found = find([negative(divisor), *own])[0]
            if any(total == divisor.args[0] for m in found for total, _ in m.sums):
                return True
    return False


def _inside(f: Expr, part: Expr) -> Expr:
    if isinstance(f, Sum):
        index = f.fresh(x.name for x in part.free)
        return closed(f, index, add(*(mul(part, t) for t in addends(f.open(index)))))
    return add(*(mul(part, t) for t in f.args))


def _divisors(a: Expr, signs: Signs) -> Iterator[Expr]:
    """The terms -n log S of an exponent, as log S, with whole n."""
    for t in flat([a]):
        n, rest = coefficient(t)
        inside = n < 0 and n.denominator == 1 and called(rest, "log")
        if inside and isinstance(rest.args[0], Sum) and is_sum_of_exponentials(rest.args[0], signs):
            yield rest


def _part(place: Expr, f: Expr, signs: Signs) -> tuple[Expr, Expr]:
    """Of the divisor what belongs to the sum f, and what is left for others."""
    assert isinstance(f, Sum)
    if not called(place, "exp"):
        return place, ONE
    wanted = _exponents(f.args[1])
    divisors = list(_divisors(place.args[0], signs))
    found = next((s for s in divisors if wanted & _exponents(s.args[0].args[1])), None)
    if found is None:
        return place, ONE
    rest = collected([place.args[0], found])
    if not is_normaliser(rest, signs):
        return place, ONE
    return function("exp", negative(found)), function("exp", rest)


def _exponents(body: Expr) -> set[Expr]:
    """The exponents in a product below a sum."""
    return {canonical(g.args[0]) for g in factors(body) if called(g, "exp")}


def constant_weight(e: Expr, signs: Signs) -> Expr | None:
    """log sum_i c e^{f_i} = log c + log sum_i e^{f_i} for positive c."""
    inner = e.args[0]
    if not isinstance(inner, Sum):
        return None
    index = inner.fresh()
    parts = factors(inner.open(index))
    outside = [f for f in parts if index not in f.free and not called(f, "exp") and signs.positive(f)]
    if not outside or not any(called(f, "exp") for f in parts):
        return None
    body = mul(*(f for f in parts if f not in outside))
    return add(function("log", mul(*outside)), function("log", closed(inner, index, body)))
