"""The identities of `stabilise`, by the kind of term they apply to.

Contract. A rule takes a term whose children are already in stable form and returns an equal term, or None where it does
not apply. Every rule moves towards the stable form, so that applying them ends.

Blind spot. As for `stable`: nothing here is trusted.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from gradproof.expression import Add, Delta, Expr, Function, Index, Mul, Number, Pow, Product, Sum, add, mul, power
from gradproof.signs import Signs

from .exponentials import ZERO, exponent, has_exponential, is_sum_of_exponentials, log_of_sum
from .stable_gaps import complement, large_expm1, log_of_gap, ratio, rationalise
from .stable_masks import factored, log_of_others, masks, split_at_label
from .stable_quotients import constant_weight, merge_exponentials, merge_logistic, push_normaliser
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

Rule = Callable[[Expr, Signs], Expr | None]


def collect(e: Expr, signs: Signs) -> Expr | None:
    """Equal terms merged, so that log p_i - log p_j loses its log-sum-exp."""
    found = collected(e.args)
    return found if len(addends(found)) < len(e.args) else None


def flip_softplus(e: Expr, signs: Signs) -> Expr | None:
    """softplus(x) - x = softplus(-x)."""
    for t in e.args:
        number, rest = coefficient(t)
        if called(rest, "softplus"):
            others = flat(s for s in e.args if s is not t)
            left = without(others, [mul(Number.of(-number), s) for s in addends(rest.args[0])])
            if left is not None:
                return add(*left, mul(Number.of(number), function("softplus", negative(rest.args[0]))))
    return None


def flip_sigmoid(e: Expr, signs: Signs) -> Expr | None:
    """e^{-x} sigmoid(x) = sigmoid(-x)."""
    for f in e.args:
        base, n = f.args if isinstance(f, Pow) else (f, ONE)
        whole = isinstance(n, Number) and n.value.denominator == 1 and n.value >= 1
        if not called(base, "sigmoid") or not whole:
            continue
        flipped = negative(base.args[0])
        for g in e.args:
            if called(g, "exp") and canonical(g.args[0]) == canonical(flipped):
                others = [h for h in e.args if h is not f and h is not g]
                return mul(*others, power(base, add(n, MINUS)), function("sigmoid", flipped))
    return None


def cancel(e: Expr, signs: Signs) -> Expr | None:
    """x^m x^-n = x^(m - n), also where x^-n is a factor of every term of a sum; no argument is lost by it."""
    for g in e.args:
        other, m = g.args if isinstance(g, Pow) else (g, ONE)
        if not isinstance(m, Number) or m.value <= 0 or isinstance(other, Number):
            continue
        for f in e.args:
            left = None if f is g else _divided(f, other, m.value)
            if left is not None:
                found = mul(*(h for h in e.args if h is not f and h is not g), left)
                return found if found.free >= other.free else None
    return None


def _divided(f: Expr, base: Expr, m: Fraction) -> Expr | None:
    """base^m f, where f is a negative power of the base, or a sum of terms that have it as a factor."""
    if isinstance(f, Pow) and f.args[0] == base and isinstance(f.args[1], Number) and f.args[1].value < 0:
        return power(base, Number.of(m + f.args[1].value))
    if not isinstance(f, Add):
        return None
    terms = []
    for t in f.args:
        parts = [
            (n, d)
            for n, g in enumerate(factors(t))
            if not isinstance(g, Add) and (d := _divided(g, base, m)) is not None
        ]
        if not parts:
            return None
        n, divided = parts[0]
        terms.append(mul(*factors(t)[:n], divided, *factors(t)[n + 1 :]))
    return add(*terms)


def power_of_power(e: Expr, signs: Signs) -> Expr | None:
    base, n = e.args
    if not isinstance(base, Pow):
        return None
    whole = all(isinstance(x, Number) and x.value.denominator == 1 for x in (n, base.args[1]))
    return power(base.args[0], mul(n, base.args[1])) if whole or signs.positive(base.args[0]) else None


def power_of_product(e: Expr, signs: Signs) -> Expr | None:
    """(x e^a)^n = x^n (e^a)^n; without an exponential the product stays, as x^n might overflow alone."""
    base, n = e.args
    if not isinstance(base, Mul) or not has_exponential(base):
        return None
    whole = isinstance(n, Number) and n.value.denominator == 1
    return mul(*(power(f, n) for f in base.args)) if whole or all(signs.positive(f) for f in base.args) else None


def power_of_logistic(e: Expr, signs: Signs) -> Expr | None:
    """(1 + e^x)^-n = sigmoid(-x)^n."""
    base, n = e.args
    if not (isinstance(base, Add) and len(base.args) == 2 and ONE in base.args and coefficient(n)[0] < 0):
        return None
    found = next((t for t in base.args if called(t, "exp")), None)
    return None if found is None else power(function("sigmoid", negative(found.args[0])), negative(n))


def power_of_exponential(e: Expr, signs: Signs) -> Expr | None:
    found = exponent(e, signs)
    return None if found is None else function("exp", found)


def exp_of_log(e: Expr, signs: Signs) -> Expr | None:
    """exp(a + c log x) = x^c exp(a), except where x is a sum of exponentials: that one stays to be shifted."""
    kept: list[Expr] = []
    out: list[Expr] = []
    terms = flat(addends(e.args[0]))
    for t in terms:
        inside = [f for f in factors(t) if called(f, "log")]
        x = inside[0].args[0] if inside else None
        alone = t == terms[0] and len(terms) == 1 and x is not None and t == inside[0]
        if x is not None and (alone or not (isinstance(x, Sum | Add) and is_sum_of_exponentials(x, signs))):
            out.append(power(x, mul(*(f for f in factors(t) if f is not inside[0]))))
        else:
            kept.append(t)
    if not out:
        return None
    return mul(*out, function("exp", add(*kept))) if kept else mul(*out)


def exp_of_softplus(e: Expr, signs: Signs) -> Expr | None:
    """exp(0) = 1; exp(-softplus(x)) = sigmoid(-x); exp(x - softplus(x)) = sigmoid(x)."""
    if e.args[0] == ZERO:
        return ONE
    for t in addends(e.args[0]):
        number, rest = coefficient(t)
        if number == -1 and called(rest, "softplus"):
            others = collected(s for s in addends(e.args[0]) if s is not t)
            x = rest.args[0]
            if others == ZERO or canonical(others) == canonical(x):
                return function("sigmoid", negative(x) if others == ZERO else x)
    return None


def log_of_exp(e: Expr, signs: Signs) -> Expr | None:
    inner = e.args[0]
    if isinstance(inner, Add):
        found = log_of_sum(inner.args, signs)
        return _log1p(inner) if found is None else found
    if isinstance(inner, Sum) or inner == ONE:
        return ZERO if inner == ONE else None
    return exponent(inner, signs)


def _log1p(inner: Add) -> Expr | None:
    rest = [t for t in inner.args if t != ONE]
    return function("log1p", add(*rest)) if len(rest) == len(inner.args) - 1 else None


def log_of_product(e: Expr, signs: Signs) -> Expr | None:
    """log(x y) = log x + log y for positive x, y; a number stays with what is left."""
    inner = e.args[0]
    if isinstance(inner, Product) and signs.positive(inner):
        index = inner.fresh()
        return Sum.over(index, function("log", inner.open(index)))
    if not isinstance(inner, Mul):
        return None
    split = [f for f in inner.args if not isinstance(f, Number) and signs.positive(f)]
    rest = mul(*(f for f in inner.args if f not in split))
    if isinstance(rest, Number) and rest != ONE and len(split) == 1 and exponent(split[0], signs) is None:
        split, rest = ([], inner) if not isinstance(split[0], Pow) else (split, rest)
    if not split:
        return None
    return add(*(function("log", f) for f in split), *([] if rest == ONE else [function("log", rest)]))


def log_of_power(e: Expr, signs: Signs) -> Expr | None:
    inner = e.args[0]
    if isinstance(inner, Pow) and signs.positive(inner.args[0]):
        return mul(inner.args[1], function("log", inner.args[0]))
    if called(inner, "sigmoid"):
        return negative(function("softplus", negative(inner.args[0])))
    return None


def contract_delta(e: Expr, signs: Signs) -> Expr | None:
    """sum_i delta(i, t) f_i = f_t."""
    assert isinstance(e, Sum)
    index = e.fresh()
    parts = factors(e.open(index))
    for f in parts:
        if isinstance(f, Delta) and index in f.args:
            other = f.args[1] if f.args[0] == index else f.args[0]
            if isinstance(other, Index) and other != index and other.size == e.size:
                body = closed(e, index, mul(*(g for g in parts if g is not f)))
                return body.open(other)
    return None


def distribute_delta(e: Expr, signs: Signs) -> Expr | None:
    """sum_i a_i (delta(i, t) - b_i) is split, so that the delta can be contracted."""
    assert isinstance(e, Sum)
    index = e.fresh()
    body = e.open(index)
    terms = None if masks(body, index, signs) else _expanded(body, index)
    if terms is None:
        return None
    return add(*(closed(e, index, t) for t in terms))


def _expanded(body: Expr, index: Index) -> tuple[Expr, ...] | None:
    if isinstance(body, Add):
        return body.args if any(_has_delta(t, index) for t in body.args) else None
    for f in factors(body):
        if isinstance(f, Add) and any(_has_delta(t, index) for t in f.args):
            rest = [g for g in factors(body) if g is not f]
            return tuple(mul(*rest, t) for t in f.args)
    return None


def _has_delta(e: Expr, index: Index) -> bool:
    return any(
        (isinstance(f, Delta) and index in f.args) or (isinstance(f, Add) and any(_has_delta(t, index) for t in f.args))
        for f in factors(e)
    )


def fold_numbers(e: Expr, signs: Signs) -> Expr | None:
    """A function of a number that is a number."""
    known = {"log1p": (ZERO, ZERO), "expm1": (ZERO, ZERO), "sigmoid": (ZERO, Number.of(Fraction(1, 2)))}
    assert isinstance(e, Function)
    at, value = known.get(e.name, (None, None))
    return value if e.args[0] == at else None


RULES: dict[type[Expr], tuple[Rule, ...]] = {
    Add: (collect, complement, flip_softplus, factored, rationalise),
    Mul: (flip_sigmoid, split_at_label, ratio, cancel, merge_exponentials, merge_logistic, push_normaliser),
    Pow: (power_of_power, power_of_product, power_of_logistic, power_of_exponential, large_expm1),
    Sum: (contract_delta, distribute_delta),
}
FUNCTION_RULES: dict[str, tuple[Rule, ...]] = {
    "exp": (exp_of_softplus, exp_of_log),
    "log": (log_of_others, log_of_gap, log_of_exp, log_of_product, log_of_power, constant_weight),
}


def rules_for(e: Expr) -> tuple[Rule, ...]:
    """The rules for terms of this kind."""
    if isinstance(e, Function):
        return FUNCTION_RULES.get(e.name, (fold_numbers,))
    return RULES.get(type(e), ())
