"""Bounds of terms: never a wrong one; and what is called defined has a value."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from gradproof import expression as x
from gradproof.audit.arithmetic import Real, Undefined, Untestable, from_rational, less
from gradproof.audit.evaluation import Evaluator
from gradproof.audit.sampling import Sampler
from gradproof.derivation import Given
from gradproof.expression import REAL, Array, Expr, Interval, Number, Symbol
from gradproof.expression import intervals as iv
from gradproof.notation import (
    BINARY,
    NATURAL,
    NEGATIVE,
    NONNEGATIVE,
    POSITIVE,
    UNIT,
    D,
    ForAll,
    Limit,
    Ne,
    Product,
    Sum,
    define,
    delta,
    exp,
    given,
    indices,
    infinity,
    let,
    log,
    pi,
    scalar,
    sigmoid,
    size,
    softplus,
    sqrt,
    tanh,
    vector,
)
from gradproof.signs import Signs

F = Fraction
K = size("K")
i, j, k, m = indices("i j k m", K)
z, w = vector("z", K), vector("w", K)
P, Q = vector("P", K, POSITIVE), vector("Q", K, UNIT)
u, v = scalar("u"), scalar("v")
a, b = scalar("a", POSITIVE), scalar("b", POSITIVE)
theta, g = scalar("theta", UNIT), scalar("g", BINARY)
s = scalar("s", NONNEGATIVE)
neg = scalar("c", NEGATIVE)
ONE, ZERO = Number.of(1), Number.of(0)


def closed(low: int | F | None, high: int | F | None) -> Interval:
    return Interval(None if low is None else F(low), None if high is None else F(high), low is None, high is None)


def opened(low: int | F | None, high: int | F | None) -> Interval:
    return Interval(None if low is None else F(low), None if high is None else F(high))


def bounds(e: Expr, *givens: Given) -> Interval:
    return Signs(givens).interval(e)


# -- what must be found -----------------------------------------------------------------------------------------------

FOUND: dict[str, tuple[Expr, Interval]] = {
    "number": (Number.of(F(-3, 2)), closed(F(-3, 2), F(-3, 2))),
    "exp": (exp(u), opened(0, None)),
    "exp of a positive": (exp(a), opened(1, None)),
    "exp of a negative": (exp(neg), opened(0, 1)),
    "exp of s >= 0": (exp(s), closed(1, None)),
    "log of a number above 1": (log(1 + a), opened(0, None)),
    "log of a probability": (log(theta), opened(None, 0)),
    "log at a closed end": (log(1 + s), closed(0, None)),
    "expm1": (x.Function((a,), ("expm1",)), opened(0, None)),
    "sigma": (sigmoid(u), UNIT),
    "tanh": (tanh(u), opened(-1, 1)),
    "softplus": (softplus(u), opened(0, None)),
    "square": (u**2, closed(0, None)),
    "square of a nonzero": ((-a) ** 2, opened(0, None)),
    "cube of a negative": (neg**3, opened(None, 0)),
    "inverse": (1 / theta, opened(1, None)),
    "inverse of a negative": (1 / neg, opened(None, 0)),
    "root": (sqrt(s), closed(0, None)),
    "root of a positive": (sqrt(a), opened(0, None)),
    "complement": (1 - theta, opened(0, 1)),
    "sum of positives": (a + b + 1, opened(1, None)),
    "sum over i": (Sum(P[i], i), opened(0, None)),
    "sum of squares": (Sum(z[i] ** 2, i), closed(0, None)),
    "sum of negatives": (Sum(-P[i], i), opened(None, 0)),
    "product over i": (Product(P[i], i), opened(0, None)),
    "sum of a delta": (Sum(delta(i, k), i), closed(1, 1)),
    "size": (K - 1, closed(0, None)),
    "index": (1 - k, closed(None, 0)),
    "softmax": (exp(z[k]) / Sum(exp(z[j]), j), Interval(F(0), F(1), True, False)),
    "part of a whole": (a / (a + b), UNIT),
    "twice a part": (2 * a / (a + b), opened(0, 2)),
    "part of a mean": (a / let("m", (a + b) / 2), opened(0, 2)),
    "minus a third of a part": (-a / (3 * (a + b)), opened(F(-1, 3), 0)),
    "part of three sums": (P[k] / let("m", 3 * Sum(P[j], j)), Interval(F(0), F(1, 3), True, False)),
    "part of another whole": (2 * a / (b + s), opened(0, None)),
    "mixture": (theta * Q[i] + (1 - theta) * Q[j], UNIT),
    "mixture, the other way": ((1 - theta) * Q[i] + theta * Q[j], UNIT),
    "pi": (pi, opened(3, 4)),
    "defined": (define("p", i, exp(z[i]) / let("S", Sum(exp(z[j]), j)))[k], Interval(F(0), F(1), True, False)),
    "0 times something": (x.Mul((x.Add((Number.of(2), Number.of(-2))), theta)), closed(0, 0)),
}


@pytest.mark.parametrize("name", FOUND)
def test_bounds_that_are_found(name: str) -> None:
    e, wanted = FOUND[name]
    assert bounds(e) == wanted


# -- what must not be found -------------------------------------------------------------------------------------------

NOT_POSITIVE: dict[str, tuple[Expr, tuple[Given, ...]]] = {
    "a real": (u, ()),
    "s >= 0": (s, ()),
    "log": (log(a), ()),
    "log of 1 + s": (log(1 + s), ()),
    "square of a real": (u**2, ()),
    "exp - 1": (exp(u) - 1, ()),
    "exp of s - 1": (exp(s) - 1, ()),
    "difference": (a - b, ()),
    "product of negatives with a real": (neg * u, ()),
    "0 times": (x.Mul((x.Add((Number.of(2), Number.of(-2))), theta)), ()),
    "minus 0 times": (-x.Mul((x.Add((Number.of(2), Number.of(-2))), theta)), ()),
    "binary": (g, ()),
    "sum of binaries": (Sum(delta(i, k) * g, i), ()),
    "delta": (delta(i, k), ()),
    "K - 1": (K - 1, ()),
    "sum over the given's letter": (Sum(z[k], k), (given(z[k] > 0),)),
    "sum over another letter": (Sum(z[m], m), (given(z[k] > 0),)),
    "product over the given's letter": (Product(z[k], k), (given(z[k] > 0),)),
    "another entry": (z[m], (given(z[k] > 0),)),
    "given for all but one": (z[k], (given(z[k] > 0, k, apart=((k, m),)),)),
    "given the other way": (u, (given(u < 0),)),
    "given closed": (u, (given(u >= 0),)),
    "given with a symbol": (u, (given(x.Relation.of(u, ">", v)),)),
    "an equation is no bound": (u, (given(x.Relation.of(u, "=", ONE)),)),
    "nonzero is not positive": (u, (given(Ne(u, 0)),)),
    "empty sum": (Sum(1, x.Index.of("o", ZERO)), ()),
    "sum over K - 1": (Sum(1, x.Index.of("o", K - 1)), ()),
    "sum over a real size": (Sum(1, x.Index.of("o", a)), ()),
    "mixture with a weight that is no weight": (a * Q[i] + (1 - a) * Q[j], ()),
    "mixture with a negative weight": (neg * Q[i] + (1 - neg) * Q[j], ()),
    "mixture with two weights": (1 - theta * Q[i] - (1 - Q[k]) * Q[j], ()),
    "a derivative": (D(exp(u), u), ()),
    "a limit": (Limit(exp(-1 / a) + 1, a, infinity), ()),
    "tanh": (tanh(a), ()),
}


@pytest.mark.parametrize("name", NOT_POSITIVE)
def test_signs_that_must_not_be_found(name: str) -> None:
    e, givens = NOT_POSITIVE[name]
    assert not Signs(givens).positive(e)


OUTSIDE = [
    (scalar("q", opened(1, 2)) ** 10, F(600)),  # more than the 8th power
    (scalar("q", opened(0, F(1, 2))) ** 12, F(1, 4000)),
    (scalar("q", closed(F(1, 2), F(1, 2))) ** 10, F(1, 1024)),
    (scalar("q", closed(-3, 2)) ** 2, F(9)),
    (scalar("q", closed(-3, 2)) ** 3, F(-27)),
    (scalar("q", closed(-3, 2)) ** 9, F(-(3**9))),
    (scalar("q", closed(-3, -1)) ** -3, F(-1, 27)),
    (Sum(delta(i, i), i), F(4)),
    (exp(scalar("q", closed(0, 1))), F(1)),
    (log(scalar("q", closed(1, 2))), F(0)),
    (a / (a + b), F(1, 10**6)),
    (a / (a - b), F(5)),
    (exp(z[k]) / Sum(exp(2 * z[j]), j), F(5)),
    (z[k] / Sum(z[j], j), F(5)),
    (P[k] / Sum(P[j], j), F(1)),
    (2 * P[k] / Sum(P[j], j), F(2)),
    (x.Mul((scalar("q", closed(0, 0)), theta)), F(0)),
    (scalar("q", closed(0, None)) * scalar("q2", closed(None, 0)), F(0)),
    (scalar("q", closed(0, None)) * theta, F(0)),
]


def inside(interval: Interval, value: F) -> bool:
    low = interval.low is None or interval.low < value or (interval.low == value and not interval.low_open)
    high = interval.high is None or value < interval.high or (interval.high == value and not interval.high_open)
    return low and high


@pytest.mark.parametrize(("e", "value"), OUTSIDE)
def test_bounds_contain_values_that_the_term_takes(e: Expr, value: F) -> None:
    assert inside(bounds(e), value)


# -- arithmetic of intervals: every combination of ends ---------------------------------------------------------------

ENDS = (None, F(-2), F(-1), F(0), F(1), F(3))
ALL = [
    Interval(low, high, low_open, high_open)
    for low in ENDS
    for high in ENDS
    for low_open in ((True,) if low is None else (True, False))
    for high_open in ((True,) if high is None else (True, False))
    if low is None or high is None or low < high or (low == high and not low_open and not high_open)
]
POINTS = [F(n, 2) for n in range(-9, 10)] + [sign * F(p) for sign in (1, -1) for p in ("0.999", "0.001", "100")]
MEMBERS = {a: [p for p in POINTS if inside(a, p)] for a in ALL}


def test_sums_and_products_of_intervals_contain_those_of_their_members() -> None:
    count = 0
    for a in ALL:
        for b in ALL:
            total, product = iv.plus(a, b), iv.times(a, b)
            for p in MEMBERS[a]:
                for q in MEMBERS[b]:
                    assert inside(total, p + q), (a, b, p, q)
                    assert inside(product, p * q), (a, b, p, q, product)
                    count += 1
    print(f"{len(ALL)} intervals, {count} pairs of members")


def test_powers_and_inverses_of_intervals_contain_those_of_their_members() -> None:
    for a in ALL:
        for p in MEMBERS[a]:
            for n in (*range(10), 17, 18):
                assert inside(iv.whole_power(a, n, False), p**n), (a, p, n)
                if all(MEMBERS[a]):
                    assert inside(iv.whole_power(a, n, True), p**n), (a, p, n)
            if p:
                assert inside(iv.inverse(a), 1 / p), (a, p)
            assert inside(iv.negate(a), -p)


def test_meet_hull_and_contains() -> None:
    for a in ALL:
        for b in ALL:
            both = [p for p in MEMBERS[a] if inside(b, p)]
            assert all(inside(iv.meet(a, b), p) for p in both)
            assert all(inside(iv.hull(a, b), p) for p in (*MEMBERS[a], *MEMBERS[b]))
            assert all(inside(a, p) and inside(b, p) for p in POINTS if inside(iv.meet(a, b), p))
            if iv.contains(a, b):
                assert all(inside(a, p) for p in MEMBERS[b])
        assert iv.contains(a, a)
        assert iv.contains(REAL, a)
        assert not iv.contains(BINARY, a)  # whole numbers only
    assert iv.contains(UNIT, BINARY) is False


# -- under derivatives and limits -------------------------------------------------------------------------------------


def test_a_moving_symbol_may_leave_a_closed_end_but_not_an_open_one() -> None:
    assert Signs().nonnegative(s)
    assert not Signs().under(s).nonnegative(s)
    assert Signs().under(a).positive(a)
    assert Signs().under(u).nonnegative(s)
    assert not Signs().under(g).nonnegative(g)
    assert Signs().undefined(D(sqrt(s), s)) is not None
    assert Signs().undefined(D(sqrt(a), a)) is None


def test_givens_near_a_point_and_along_a_limit() -> None:
    strict, closed_ = Signs((given(u > 1),)), Signs((given(u >= 1),))
    assert strict.positive(u)
    assert closed_.positive(u)
    assert strict.under(u).positive(u)  # an open condition holds in a neighbourhood
    assert not closed_.under(u).positive(u - 1 + F(1, 2))
    assert not strict.under(u, ZERO).positive(u)  # a limit leaves the neighbourhood
    assert not strict.under(u, infinity).under(u).positive(u)
    assert not strict.under(u).under(u, ONE).positive(u)
    assert strict.under(v).positive(u)
    assert strict.under(v, ZERO).positive(u)


def test_what_tends_to_a_point_is_not_that_point() -> None:
    at_one = Signs((given(Ne(u, 0)),)).under(u, ONE)
    assert at_one.nonzero(u - 1)
    assert not at_one.nonzero(u)
    assert not at_one.nonzero(u - 2)
    assert not at_one.nonzero(v - 1)
    assert Signs().under(u, ZERO).nonzero(u)
    assert not Signs().under(u, infinity).nonzero(u)
    assert not Signs().under(u).nonzero(u)


# -- defined or not ---------------------------------------------------------------------------------------------------

UNDEFINED: dict[str, tuple[Expr, str]] = {
    "log of a real": (log(u), "logarithm"),
    "log of s >= 0": (log(s), "logarithm"),
    "log of 1 - s": (log(1 - s), "logarithm"),
    "log1p at -1": (x.Function((-Q[i] - 1,), ("log1p",)), "logarithm"),
    "log in a sum": (Sum(log(z[i]), i), "logarithm"),
    "log in a sum over the given's letter": (Sum(log(w[k]), k), "logarithm"),
    "log in a definition": (define("p", i, log(z[i]))[k], "logarithm"),
    "division by a real": (1 / u, "must not be 0"),
    "division by s >= 0": (1 / s, "must not be 0"),
    "division by a delta": (1 / delta(i, k), "must not be 0"),
    "division by a - b": (1 / (a - b), "must not be 0"),
    "division by 0": (x.Pow((ZERO, Number.of(-1))), "must not be 0"),
    "0 to the 0": (x.Pow((u, ZERO)), "must not be 0"),
    "root of a real": (sqrt(u), "must be > 0"),
    "cube root of a real": (u ** F(1, 3), "must be > 0"),
    "negative root of s >= 0": (s ** F(-1, 2), "must be > 0"),
    "real power of s >= 0": (s**u, "must be > 0"),
    "real power of a real": (u**v, "must be > 0"),
    "under a derivative that reaches the end": (D(log(1 + s), s) * D(sqrt(s), s), "must be > 0"),
    "derivative in a size": (D(Sum(1, i), K), "whole numbers only"),
    "derivative in a binary": (D(g**2, g), "whole numbers only"),
    "empty sum": (Sum(1, x.Index.of("o", ZERO)), "must run over"),
    "sum to K - 1": (Sum(1, x.Index.of("o", K - 1)), "must run over"),
    "sum to a real": (Sum(1, x.Index.of("o", a)), "must run over"),
    "sum to an index": (Sum(Sum(1, x.Index.of("o", i)), i), "must run over"),
    "for all of nothing": (ForAll(x.Relation.of(u, "=", v), x.Index.of("o", ZERO)), "must run over"),
    "an index of an empty range": (x.Entry((x.Index.of("o", ZERO),), (z,)), "must run over"),
    "nothing to be": (scalar("q", opened(2, 1)) + 1, "domain is empty"),
    "nothing to be, at one point": (scalar("q", Interval(F(1), F(1), False, True)), "domain is empty"),
    "an array of nothing": (vector("q", K, opened(2, 2))[k], "domain is empty"),
    "inside of a limit": (Limit(log(a - 1) / a, a, infinity), "logarithm"),
}


@pytest.mark.parametrize("name", UNDEFINED)
def test_what_may_be_undefined_is_said_to_be(name: str) -> None:
    e, reason = UNDEFINED[name]
    missing = Signs((given(w[k] > 0),)).undefined(e)
    assert missing is not None
    assert reason in missing


@pytest.mark.parametrize(
    "e",
    [log(a), log(1 + s), log(Sum(exp(z[i]), i)), 1 / (1 + u**2), sqrt(s), sqrt(1 - theta), a**u, (1 + s) ** u, 1 / K,
     log(w[k]), D(log(a), a), D(1 / (1 + s**2), s), Sum(log(P[i]) / P[i], i), log(theta * Q[i] + (1 - theta) * Q[j]),
     1 / (exp(u) + K), x.Pow((neg, Number.of(-3))), (a * exp(u)) ** F(-2, 3), Limit(1 / a, a, infinity)],
)  # fmt: skip
def test_what_is_defined_is_found_to_be(e: Expr) -> None:
    assert Signs((given(w[k] > 0),)).undefined(e) is None


def test_nonzero_givens_count_where_they_are_about_the_term() -> None:
    signs = Signs((given(Ne(u, 0)),))
    assert signs.nonzero(u)
    assert signs.nonzero(-u)
    assert signs.nonzero(2 * u**3)
    assert not signs.nonzero(v)
    assert not signs.nonzero(u + 1)
    assert not signs.under(u, ONE).nonzero(u)


def test_relations_hold_only_where_the_bounds_say_so() -> None:
    signs = Signs()
    assert signs.holds(x.Relation.of(a, ">", ZERO))
    assert signs.holds(x.Relation.of(ZERO, "<=", s))
    assert not signs.holds(x.Relation.of(ZERO, "<", s))
    assert signs.holds(Ne(a, neg))
    assert not signs.holds(Ne(a, b))
    assert not signs.holds(x.Relation.of(u, "=", u))
    assert not signs.holds(ForAll(x.Relation.of(a, ">", ZERO), i))
    assert not signs.holds(x.Relation.of(x.Relation.of(a, ">", ZERO), "<=>", x.Relation.of(b, ">", ZERO)))
    assert not signs.holds(x.Relation.of(a, ">", infinity))


# -- fuzz: values are inside, and what is called defined has a value ---------------------------------------------------

TERMS = 2400
DOMAINS = [
    REAL, POSITIVE, NONNEGATIVE, NEGATIVE, UNIT, BINARY, NATURAL, closed(None, 0), closed(-1, 1), opened(-2, 1),
    Interval(F(0), F(2), False, True), closed(1, 1), Interval(F(-3), F(-1), True, False), closed(F(1, 2), 3),
    closed(0, 0),
]  # fmt: skip
SYMBOLS = [Symbol.of(f"x{n}", d) for n, d in enumerate(DOMAINS)]
ARRAYS = [Array(f"v{n}", (K,), d) for n, d in enumerate(DOMAINS)]
BOUNDED = ("exp", "log", "sigmoid", "softplus", "tanh", "abs", "log1p", "expm1")


def random_term(rng: random.Random, depth: int, bound: tuple[x.Index, ...] = ()) -> Expr:
    pick = rng.randrange(16) if depth else 0
    if pick < 2:
        where = rng.choice([*bound, k, m, ONE])
        number = Number.of(rng.choice([-2, -1, 1, 2, F(1, 3)]))
        entry, diagonal = rng.choice(ARRAYS)[where], delta(where, rng.choice([*bound, k, m]))
        return rng.choice([rng.choice(SYMBOLS), rng.choice(SYMBOLS), entry, diagonal, number, K, where])
    inner = [random_term(rng, depth - 1, bound) for _ in range(2)]
    if pick < 4:
        return x.Add((inner[0], inner[1]))
    if pick < 6:
        return inner[0] * inner[1]
    if pick == 6:
        return inner[0] ** rng.choice([2, 3, 4, 7, 9, 10])
    if pick == 7:
        return inner[0] ** rng.choice([-1, -2, -3, F(1, 2), F(-1, 2), F(2, 3)])
    if pick in (8, 9):
        return x.Function((inner[0],), (rng.choice(BOUNDED),))
    if pick in (10, 11) and len(bound) < 2:
        new = (i, j)[len(bound)]
        kind = rng.choice([Sum, Sum, Product])
        return kind(random_term(rng, depth - 1, (*bound, new)), new)
    if pick == 12:
        weight = rng.choice([SYMBOLS[4], SYMBOLS[5], sigmoid(inner[0])])
        return weight * inner[0] + (1 - weight) * inner[1]
    if pick == 13:
        return inner[0] / (inner[0] + inner[1])
    if pick == 14:
        part = exp(ARRAYS[0][k]) if rng.random() < 0.5 else ARRAYS[1][k]
        return inner[0] * part / Sum(x.substitute(part, k, i), i) if i not in inner[0].free else inner[0]
    return x.Pow((inner[0], inner[1]))


def within(interval: Interval, value: Real) -> bool:
    """Up to rounding: an end that is touched by a value that rounds to it does not count as crossed."""
    slack = F(1, 10**25)
    low, high = interval.low, interval.high
    below = low is not None and less(value, real(low - slack * (1 + abs(low))))
    above = high is not None and less(real(high + slack * (1 + abs(high))), value)
    return not below and not above


def real(value: F) -> Real:
    return from_rational(value.numerator, value.denominator, 200, "n")


def test_values_lie_inside_and_what_is_called_defined_is_defined() -> None:
    rng = random.Random(1729)
    evaluator = Evaluator()
    values = bounded = defined = 0
    for number in range(TERMS):
        e = random_term(rng, rng.choice([1, 2, 2, 3, 3]))
        signs = Signs()
        interval, missing = signs.interval(e), signs.undefined(e)
        sampler = Sampler((e,))
        defined += missing is None
        for size_ in (1, 2, 3):
            point = sampler.draw(dict.fromkeys(sampler.stock.sizes, size_), rng)
            assert point is not None
            evaluator.begin(point)
            try:
                value = evaluator.value(e)
            except Untestable:
                continue
            except Undefined as why:
                if missing is None:
                    pytest.fail(f"{e!r} is said to be defined, but: {why}")
                continue
            values += 1
            bounded += interval != REAL
            assert within(interval, value), f"{number}: {e!r} takes {value}, not in {interval}"
            rounded = any(isinstance(t, x.Function) for t in x.subterms(e))
            zero = value == real(F(0)) and not rounded
            assert not (zero and signs.nonzero(e)), f"{e!r} is 0"
            assert not (zero and signs.positive(e)), f"{e!r} is 0"
    print(f"{TERMS} terms, {defined} called defined, {values} values, {bounded} of them in bounds that say something")
    assert values > TERMS
    assert bounded > values // 3
    assert defined > TERMS // 3
