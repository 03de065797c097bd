"""Identities of `stabilise` for differences: what two numbers that are nearly equal lose is never formed.

Contract. As `stable_rules`. A difference becomes a product, or a function that is accurate where the two are close:
1 - sigmoid(x), e^a - 1, sqrt(x + y) - sqrt(x), log(e^a - e^b), log(sigmoid(x) - sigmoid(y)).

Blind spot. Both parts of the difference have to be there in one sum.
"""

from __future__ import annotations

from fractions import Fraction

from gradproof.expression import Add, Expr, Number, Pow, add, mul, power
from gradproof.signs import Signs

from .exponentials import one_minus
from .terms import ONE, addends, called, canonical, coefficient, collected, function, negative, without

HALF = Fraction(1, 2)


def complement(e: Expr, signs: Signs) -> Expr | None:
    """n - n sigmoid(x) = n sigmoid(-x); n - 2n sigmoid(x) = -n tanh(x/2); n - n e^x = -n expm1(x); and
    n + n / expm1(x) = -n / expm1(-x)."""
    number = next((t.value for t in e.args if isinstance(t, Number)), None)
    if number is None:
        return None
    for t in e.args:
        found = _complement(number, *coefficient(t))
        if found is not None:
            return add(*(found if s is t else s for s in e.args if not isinstance(s, Number)))
    return None


def _complement(n: Fraction, c: Fraction, rest: Expr) -> Expr | None:
    if called(rest, "sigmoid") and c == -n:
        return mul(Number.of(n), function("sigmoid", negative(rest.args[0])))
    if called(rest, "sigmoid") and c == -2 * n:
        half = collected([mul(Number.of(HALF), rest.args[0])])
        minus = all(coefficient(t)[0] < 0 for t in addends(half))
        return mul(Number.of(n if minus else -n), function("tanh", negative(half) if minus else half))
    if called(rest, "exp") and c == -n:
        return one_minus(n, rest.args[0])
    if isinstance(rest, Pow) and rest.args[1] == Number.of(-1) and called(rest.args[0], "expm1") and c == n:
        return mul(Number.of(-n), power(function("expm1", negative(rest.args[0].args[0])), Number.of(-1)))
    return None


def rationalise(e: Expr, signs: Signs) -> Expr | None:
    """c sqrt(x + y) - c sqrt(x) = c y / (sqrt(x + y) + sqrt(x)), where x is a number too."""
    for t in e.args:
        c, root = coefficient(t)
        if not (isinstance(root, Pow) and root.args[1] == Number.of(HALF)):
            continue
        for s in e.args:
            below = _squared(s, -c)
            left = None if s is t or below is None else without(list(addends(root.args[0])), list(addends(below)))
            if left is not None:
                total = add(root, mul(Number.of(-1 / c), s))
                whole = mul(Number.of(c), add(*left), power(total, Number.of(-1)))
                return add(whole, *(r for r in e.args if r is not s and r is not t))
    return None


def _squared(term: Expr, number: Fraction) -> Expr | None:
    """x where the term is number * sqrt(x)."""
    c, rest = coefficient(term)
    if rest == ONE and c / number > 0:
        return Number.of((c / number) ** 2)
    root = isinstance(rest, Pow) and rest.args[1] == Number.of(HALF)
    return rest.args[0] if root and c == number else None


def ratio(e: Expr, signs: Signs) -> Expr | None:
    """(e^a - e^b) e^-b = expm1(a - b), also in a power of the difference."""
    for f in e.args:
        base, n = f.args if isinstance(f, Pow) else (f, ONE)
        pair = _pair(base, "exp")
        if pair is None or not (isinstance(n, Number) and n.value.denominator == 1 and n.value >= 1):
            continue
        above, below = pair
        for g in e.args:
            for low, high, sign in ((below, above, 1), (above, below, -1)):
                if called(g, "exp") and canonical(collected([g.args[0]])) == canonical(collected([negative(low)])):
                    gap = function("expm1", collected([high, negative(low)]))
                    others = [h for h in e.args if h is not f and h is not g]
                    return mul(Number.of(sign), *others, power(base, add(n, Number.of(-1))), gap)
    return None


def large_expm1(e: Expr, signs: Signs) -> Expr | None:
    """expm1(x)^-n = e^{-n x} (-expm1(-x))^-n for x > 0: nothing overflows."""
    base, n = e.args
    if not (called(base, "expm1") and coefficient(n)[0] < 0 and signs.positive(base.args[0])):
        return None
    x = base.args[0]
    small = mul(Number.of(-1), function("expm1", negative(x)))
    return mul(function("exp", mul(n, x)), power(small, n))


def log_of_gap(e: Expr, signs: Signs) -> Expr | None:
    """log(e^a - e^b) = a + log(1 - e^{b - a}), and so for expm1; log(sigmoid(x) - sigmoid(y)) = log sigmoid(x) +
    log sigmoid(-y) + log(1 - e^{y - x}); log(1 - tanh(x)^2) = log 4 + log sigmoid(2x) + log sigmoid(-2x)."""
    inner = e.args[0]
    number, rest = coefficient(inner)
    if called(rest, "expm1") and number > 0:
        return add(*_log_number(number), rest.args[0], _log_one_minus(negative(rest.args[0])))
    if (x := _tanh_below_one(inner)) is not None:
        double = mul(Number.of(2), x)
        both = (negative(function("softplus", a)) for a in (double, negative(double)))
        return add(function("log", Number.of(4)), *both)
    if (pair := _pair(inner, "exp")) is not None:
        a, b = pair
        return add(*_log_number(_scale(inner)), a, _log_one_minus(collected([b, negative(a)])))
    if (pair := _pair(inner, "sigmoid")) is not None:
        x, y = pair
        both = (negative(function("softplus", a)) for a in (negative(x), y))
        return add(*_log_number(_scale(inner)), *both, _log_one_minus(collected([y, negative(x)])))
    return None


def _log_one_minus(a: Expr) -> Expr:
    """log(1 - e^a)."""
    return function("log", one_minus(Fraction(1), a))


def _log_number(n: Fraction) -> list[Expr]:
    return [] if n == 1 else [function("log", Number.of(n))]


def _pair(e: Expr, name: str) -> tuple[Expr, Expr] | None:
    """(a, b) where the term is c f(a) - c f(b) with c > 0."""
    if not isinstance(e, Add) or len(e.args) != 2:
        return None
    (c, above), (d, below) = sorted(map(coefficient, e.args), key=lambda t: -t[0])
    if c != -d or not called(above, name) or not called(below, name):
        return None
    return above.args[0], below.args[0]


def _scale(e: Expr) -> Fraction:
    """The c of c f(a) - c f(b)."""
    return abs(coefficient(e.args[0])[0])


def _tanh_below_one(e: Expr) -> Expr | None:
    """x where the term is 1 - tanh(x)^2."""
    if not isinstance(e, Add) or len(e.args) != 2 or ONE not in e.args:
        return None
    c, rest = next(coefficient(t) for t in e.args if t != ONE)
    square = isinstance(rest, Pow) and rest.args[1] == Number.of(2) and called(rest.args[0], "tanh")
    return rest.args[0].args[0] if square and c == -1 else None
