"""Arithmetic of intervals: what holds of sums, products and powers of numbers that lie in them. TRUSTED."""

from __future__ import annotations

from fractions import Fraction

from gradproof.expression.domains import POSITIVE, REAL, Interval

ZERO, ONE = Fraction(0), Fraction(1)


def negate(a: Interval) -> Interval:
    return Interval(None if a.high is None else -a.high, None if a.low is None else -a.low, a.high_open, a.low_open)


def plus(a: Interval, b: Interval) -> Interval:
    low = None if a.low is None or b.low is None else a.low + b.low
    high = None if a.high is None or b.high is None else a.high + b.high
    return Interval(low, high, a.low_open or b.low_open, a.high_open or b.high_open)


def is_nonnegative(a: Interval) -> bool:
    return a.low is not None and a.low >= 0


def is_empty(a: Interval) -> bool:
    if a.low is None or a.high is None:
        return False
    return a.low > a.high or (a.low == a.high and (a.low_open or a.high_open))


def is_positive(a: Interval) -> bool:
    return a.low is not None and (a.low > 0 or (a.low == 0 and a.low_open))


def times(a: Interval, b: Interval) -> Interval:
    if not is_nonnegative(a):
        return negate(times(negate(a), b)) if is_nonnegative(negate(a)) else _mixed(a, b)
    if not is_nonnegative(b):
        return negate(times(a, negate(b))) if is_nonnegative(negate(b)) else _mixed(a, b)
    assert a.low is not None
    assert b.low is not None
    low = a.low * b.low
    reaches = any(f.low == 0 and not f.low_open for f in (a, b)) if low == 0 else not (a.low_open or b.low_open)
    high = None if a.high is None or b.high is None else a.high * b.high
    return Interval(low, high, not reaches, high != 0 and (a.high_open or b.high_open))


def _mixed(a: Interval, b: Interval) -> Interval:
    ends = (a.low, a.high, b.low, b.high)
    if any(e is None for e in ends):
        return REAL
    corners = [p * q for p in (a.low, a.high) for q in (b.low, b.high)]  # type: ignore[operator]
    return Interval(min(corners), max(corners), False, False)


def inverse(a: Interval) -> Interval:
    if not is_positive(a):
        return negate(inverse(negate(a))) if is_positive(negate(a)) else REAL
    assert a.low is not None
    low = ZERO if a.high is None else 1 / a.high
    return Interval(low, 1 / a.low if a.low else None, a.high is None or a.high_open, a.low_open)


def whole_power(a: Interval, n: int, nonzero: bool) -> Interval:
    """The n-th powers of the numbers in `a`; the sign alone where the ends would become large."""
    total = Interval(ONE, ONE, False, False)
    bits = [e.numerator.bit_length() + e.denominator.bit_length() for e in (a.low, a.high) if e]
    large = n > 8 or max(bits, default=0) > 128
    if large:
        total = POSITIVE if is_positive(a) else negate(POSITIVE) if n % 2 and is_positive(negate(a)) else REAL
    else:
        for _ in range(n):
            total = times(total, a)
    if n % 2 or n == 0:
        return total
    total = meet(total, Interval(ZERO, None, nonzero))
    if a.low is None or a.high is None or large:
        return total
    far, reached = max((abs(a.low), not a.low_open), (abs(a.high), not a.high_open))
    return meet(total, Interval(None, far**n, True, not reached))


def meet(a: Interval, b: Interval) -> Interval:
    """The smaller of two intervals that both hold."""
    low, low_open = max(((f.low, f.low_open) for f in (a, b) if f.low is not None), default=(None, True))
    highs = [(f.high, not f.high_open) for f in (a, b) if f.high is not None]
    high, closed = min(highs) if highs else (None, False)
    return Interval(low, high, low_open, not closed)


def hull(a: Interval, b: Interval) -> Interval:
    """The smallest interval that contains both."""
    low = None if a.low is None or b.low is None else min((a.low, a.low_open), (b.low, b.low_open))
    high = None if a.high is None or b.high is None else max((a.high, not a.high_open), (b.high, not b.high_open))
    return Interval(low[0] if low else None, high[0] if high else None, not low or low[1], not high or not high[1])


def contains(outer: Interval, inner: Interval) -> bool:
    """Whether every number of `inner` is in `outer`."""
    low = outer.low is None or (inner.low is not None and (inner.low, inner.low_open) >= (outer.low, outer.low_open))
    high = outer.high is None or (
        inner.high is not None and (-inner.high, inner.high_open) >= (-outer.high, outer.high_open)
    )
    return low and high and (inner.integer or not outer.integer)
