"""Identities of `stabilise` for what is left without the class t: 1 - p_t, which is lost where p_t is nearly 1.

Contract. As `stable_rules`. 1 - p_t is the share of the other classes, W_t / S with W_t = sum_j (1 - delta_jt) e^{f_j}:
so its logarithm is finite however large f_t is, and the gradient of a function of it is a softmax over the others.

Blind spot. t has to be a label: for every index of an axis the others would be a matrix.
"""

from __future__ import annotations

from dataclasses import dataclass

from gradproof.expression import Add, Delta, Expr, Index, Mul, Number, Pow, Sum, add, mul, power
from gradproof.signs import Signs

from .interior import is_label
from .shift import find
from .terms import MINUS, ONE, called, canonical, closed, coefficient, collected, factors, flat, function, negative


@dataclass(frozen=True)
class Share:
    """The softmax of which `total` is the sum, at an index."""

    total: Sum
    index: Expr

    @property
    def others(self) -> Expr:
        """The sum without that index."""
        j = self.total.fresh(x.name for x in self.index.free)
        return closed(self.total, j, mul(add(ONE, mul(MINUS, Delta((j, self.index)))), self.total.open(j)))


def share(a: Expr) -> Share | None:
    """The softmax whose logarithm the term is."""
    matches, rest = find(flat([a]))
    if len(matches) != 1 or rest or matches[0].factor != ONE or len(matches[0].sums) != 1:
        return None
    return Share(*matches[0].sums[0])


def _left(e: Expr, signs: Signs) -> Share | None:
    """The share p_t where the term is 1 - p_t for a label t."""
    if not (isinstance(e, Mul) and len(e.args) == 2 and e.args[0] == MINUS and called(e.args[1], "expm1")):
        return None
    found = share(e.args[1].args[0])
    return found if found is not None and is_label(found.index, signs) else None


def log_of_others(e: Expr, signs: Signs) -> Expr | None:
    """log(1 - p_t) = -softplus(f_t - log W_t)."""
    found = _left(e.args[0], signs)
    if found is None:
        return None
    odds = collected([e.args[0].args[1].args[0], function("log", found.total), negative(function("log", found.others))])
    return negative(function("softplus", odds))


def split_at_label(e: Expr, signs: Signs) -> Expr | None:
    """(delta_tk - p_k) / (1 - p_t) = delta_tk - (1 - delta_tk) e^{f_k} / W_t."""
    for g in e.args:
        base, n = g.args if isinstance(g, Pow) else (g, ONE)
        found = _left(base, signs)
        if found is None or not (isinstance(n, Number) and n.value.denominator == 1 and n.value < 0):
            continue
        for h in e.args:
            split = _divided(h, found)
            if split is not None:
                return mul(*(f for f in e.args if f is not g and f is not h), power(base, add(n, ONE)), split)
    return None


def _divided(h: Expr, p: Share) -> Expr | None:
    """(delta_tk - p_k) / (1 - p_t) without that division, where h is this difference, or a multiple of it."""
    if not isinstance(h, Add) or len(h.args) != 2:
        return None
    for (c, delta), (d, other) in (map(coefficient, h.args), map(coefficient, h.args[::-1])):
        if c != -d or not isinstance(delta, Delta) or p.index not in delta.args or not called(other, "exp"):
            continue
        k = delta.args[0] if delta.args[1] == p.index else delta.args[1]
        own = share(other.args[0])
        if own is None or own.total != p.total or own.index != k:
            continue
        exponent = collected([other.args[0], function("log", p.total), negative(function("log", p.others))])
        outside = mul(MINUS, add(ONE, mul(MINUS, delta)), function("exp", exponent))
        return mul(Number.of(c), add(delta, outside))
    return None


def factored(e: Expr, signs: Signs) -> Expr | None:
    """x - x delta(k, t) = x (1 - delta(k, t)) for a label t, and x - x sigmoid(y) = x sigmoid(-y)."""
    for t in e.args:
        for g in factors(t):
            label = isinstance(g, Delta) and any(is_label(a, signs) for a in g.args)
            if not (label or called(g, "sigmoid")):
                continue
            whole = canonical(negative(mul(*(f for f in factors(t) if f is not g))))
            x = next((s for s in e.args if s is not t and canonical(s) == whole), None)
            if x is not None and not isinstance(x, Number):
                left = add(ONE, mul(MINUS, g)) if label else function("sigmoid", negative(g.args[0]))
                return add(*(mul(x, left) if s is x else s for s in e.args if s is not t))
    return None


def is_mask(e: Expr, index: Index, signs: Signs) -> bool:
    """Whether the term is 1 - delta(index, t) for a label t, or a number."""
    if not isinstance(e, Add) or len(e.args) != 2 or ONE not in e.args:
        return False
    c, delta = next(coefficient(t) for t in e.args if t != ONE)
    return (
        c == -1
        and isinstance(delta, Delta)
        and index in delta.args
        and any(is_label(a, signs) or isinstance(a, Number) for a in delta.args)
    )


def masks(body: Expr, index: Index, signs: Signs) -> bool:
    """Whether the weight of all but one is a factor of the term."""
    return any(is_mask(f, index, signs) for f in factors(body))
