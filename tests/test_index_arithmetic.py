"""Index arithmetic against enumeration: bounds of whole numbers, ranges, masks, deltas, sums over parts of a range.

Everything trusted that was made for shifted indices is compared with what the audit's evaluator finds, which counts.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from gradproof.audit import Point
from gradproof.audit.arithmetic import Undefined, from_int, to_float
from gradproof.audit.evaluation import Evaluator
from gradproof.expression import (
    NATURAL,
    POSITIVE,
    Array,
    Delta,
    Expr,
    Index,
    Number,
    Sum,
    Symbol,
    add,
    greatest,
    in_range,
    is_whole,
    least,
    mul,
    power,
)
from gradproof.normal import Normal
from gradproof.notation import at_most, before, rel_entr, vector
from gradproof.signs import Signs

K, N = Symbol.of("K", NATURAL), Symbol.of("N", NATURAL)
i, j, k = (Index.of(a, K) for a in "ijk")
m, n = Index.of("m", K + 1), Index.of("n", N)
c = Array("c", (K,), NATURAL, K)
z, f, g = Array("z", (K,)), Array("f", (K + 1,)), Array("g", (N,))
y = Array("y", (K,), POSITIVE)
q = Symbol.of("q", POSITIVE)
ATOMS = (i, j, m, n, K, N, c[i], c[j])
SIZES = (K, N, K + 1, K + N, 2 * K, Number.of(3))


def whole_term(rng: Random, longest: int = 3) -> Expr:
    """A sum of a few indices, sizes, labels and a number."""
    terms = [mul(Number.of(rng.choice((1, 1, -1, -1, 2))), rng.choice(ATOMS)) for _ in range(rng.randint(1, longest))]
    return add(*terms, Number.of(rng.randint(-2, 2)))


def points(rng: Random, most: int = 4) -> list[Point]:
    """Every choice of sizes and indices, with values drawn for the arrays."""
    found = []
    for large, small in product(range(1, most), repeat=2):
        ends = {i: large, j: large, k: large, m: large + 1, n: small}
        for places in product(*(range(1, end + 1) for end in ends.values())):
            if len(found) > 4000 or rng.random() < 0.75:
                continue
            values = {
                c: {(p,): from_int(rng.randint(1, large)) for p in range(1, large + 1)},
                **{
                    a: {(p,): Evaluator().arithmetic.real(Fraction(rng.randint(1, 9), 4)) for p in range(1, last + 1)}
                    for a, last in ((z, large), (y, large), (f, large + 1), (g, small))
                },
                q: Evaluator().arithmetic.real(Fraction(rng.randint(1, 9), 4)),
            }
            found.append(Point({K: large, N: small}, dict(zip(ends, places, strict=True)), values))
    return found


POINTS = points(Random(1))


def values(e: Expr, at: list[Point]) -> list[float | None]:
    """The value at each point, None where there is none."""
    evaluator, found = Evaluator(), list[float | None]()
    for point in at:
        evaluator.begin(point)
        try:
            found.append(to_float(evaluator.value(e)))
        except Undefined:
            found.append(None)
    return found


def some(rng: Random, count: int = 60) -> list[Point]:
    return rng.sample(POINTS, count)


@pytest.mark.parametrize("seed", range(60))
def test_bounds_of_whole_numbers_hold(seed: int) -> None:
    rng = Random(seed)
    e = whole_term(rng)
    assert is_whole(e)
    low, high = least(e), greatest(e)
    interval = Signs().interval(e)
    for value in values(e, POINTS[:: 1 + seed % 7]):
        assert value is not None
        assert low is None or value >= low
        assert high is None or value <= high
        assert interval.low is None or value >= interval.low
        assert interval.high is None or value <= interval.high


@pytest.mark.parametrize("size", SIZES, ids=repr)
def test_what_is_in_range_is_in_range(size: Expr) -> None:
    rng, accepted = Random(7), 0
    for _ in range(400):
        e = whole_term(rng, 2)
        if not in_range(e, size):
            continue
        accepted += 1
        for value, end in zip(values(e, POINTS), values(size, POINTS), strict=True):
            assert value is not None
            assert end is not None
            assert 1 <= value <= end, (e, size)
    assert accepted or size == Number.of(3)


@pytest.mark.parametrize(
    ("index", "size", "known"),
    [
        (i + 1, K + 1, True),
        (i + 1, K, False),
        (m - 1, K, False),
        (K + 1, K + 1, True),
        (K - i + 1, K, True),
        (K - m + 1, K, False),
        (i, K + 1, True),
        (m, K, False),
        (i + 2, K + 1, False),
        (i - 1, K, False),
        (i + n, K + N, True),
        (i + n, K + N - 1, False),
        (c[i], K + 1, True),
        (c[i] + 1, K, False),
        (i * 2, 2 * K, True),
        (i / 2, K, False),
        (i + Number.of(Fraction(1, 2)), K + 1, False),
        (q, K, False),
        (K, K, True),
        (N, K, False),
        (Number.of(2), K + 1, True),
        (Number.of(2), K, False),
        (Delta((i, j)) + 1, Number.of(2), False),  # true, but not linear
    ],
    ids=repr,
)  # fmt: skip
def test_ranges(index: Expr, size: Expr, known: bool) -> None:
    assert in_range(index, size) is known


def test_an_entry_out_of_range_is_not_defined() -> None:
    signs = Signs()
    assert signs.undefined(f[i + 1]) is None
    assert signs.undefined(Sum.over(i, f[i + 1] - f[i])) is None
    for missing in (f[m + 1], y[i + 1], f[i + 2], f[i - 1], f[K + 2], z[K - m + 1]):
        assert signs.undefined(missing) is not None
    with pytest.raises(ValueError, match="another range"):
        z[m]


def term(rng: Random, depth: int) -> Expr:
    """A term with masks, deltas, shifted entries, powers and sums."""
    if depth == 0:
        entries = (z[i], z[j], f[i + 1], f[m], f[j], y[k], g[n], f[K + 1], z[K - i + 1], q ** (i - m), Number.of(2))
        return rng.choice(entries)
    kind = rng.randrange(7)
    if kind == 0:
        return add(term(rng, depth - 1), term(rng, depth - 1))
    if kind == 1:
        return mul(term(rng, depth - 1), term(rng, depth - 1))
    if kind == 2:
        over = rng.choice((i, j, k, m, n))
        return Sum.over(over, term(rng, depth - 1))
    a, b = whole_term(rng, 1), whole_term(rng, 1)
    if kind == 3:
        return mul(Delta((a, b)), term(rng, depth - 1))
    return mul(rng.choice((at_most, before))(a, b), term(rng, depth - 1))


@pytest.mark.parametrize("seed", range(150))
def test_the_normal_form_keeps_the_value(seed: int) -> None:
    from gradproof.normal import TooLarge, as_term

    rng = Random(seed)
    e = term(rng, 3 + seed % 2)
    try:
        p = Normal(Signs()).of(e)
    except TooLarge:
        return
    at = some(rng)
    for before_, after in zip(values(e, at), values(as_term(p), at), strict=True):
        if before_ is not None and after is not None:
            assert abs(before_ - after) <= 1e-9 * (1 + abs(before_)), (e, as_term(p))


@pytest.mark.parametrize("seed", range(100))
def test_bounds_of_terms_with_masks_hold(seed: int) -> None:
    rng = Random(seed)
    e = term(rng, 2 + seed % 3)
    interval = Signs().interval(e)
    for value in values(e, some(rng)):
        if value is not None:
            assert interval.low is None or value >= float(interval.low) - 1e-9
            assert interval.high is None or value <= float(interval.high) + 1e-9


def test_a_sum_up_to_an_index_is_positive_as_it_has_a_term() -> None:
    signs = Signs()
    for order in (at_most(j, i), at_most(i, j), at_most(j, K), at_most(1, j), at_most(j, n)):
        assert signs.positive(Sum.over(j, order * y[j])), order
    for order in (before(j, i), before(i, j), at_most(n, j), at_most(m, j), before(j, K)):
        assert not signs.positive(Sum.over(j, order * y[j])), order
    assert not signs.positive(Sum.over(j, at_most(j, i) * z[j]))


def test_deltas_of_shifted_indices() -> None:
    normal = Normal(Signs())
    zero = Number.of(0)
    assert normal.equal(Delta((i + 1, i)), zero)
    assert normal.equal(Delta((i, K + 1)), zero)
    assert normal.equal(Delta((i + 1, 1 + i)), Number.of(1))
    assert not normal.equal(Delta((m, K + 1)), zero)
    total = Sum.over(j, Delta((j, K - j + 1)) * z[j])  # the middle one, or none
    assert not normal.equal(total, z[K - j + 1])
    assert not normal.equal(total, z[j])
    assert not normal.equal(Sum.over(j, Delta((j, K - j + 1))), Number.of(1))  # for even K there is no middle
    assert normal.equal(Sum.over(m, Delta((m, i + 1)) * f[m]), f[i + 1])
    assert not normal.equal(Sum.over(j, Delta((j, m)) * z[j]), z[i])


def test_powers_of_an_index_difference() -> None:
    assert Normal(Signs()).equal(power(q, i + 1 - m) * q, power(q, i - m + 2))


def test_a_relative_entropy_is_defined_from_zero_on() -> None:
    from gradproof.expression import NONNEGATIVE

    v = vector("v", K, domain=NONNEGATIVE)
    signs = Signs()
    assert signs.undefined(rel_entr(v[i], y[i])) is None
    assert signs.undefined(rel_entr(y[i], v[i])) is not None
    assert signs.undefined(rel_entr(z[i], y[i])) is not None
    assert signs.under(v).undefined(rel_entr(v[i], y[i])) is not None
