"""What roots and ranks mean: the solution of an equation, found by numbers, and the order of a family.

Contract. A root is bracketed within the domain of its unknown, closed in on to working precision, and tested: the
difference of the two sides must have one sign on the left of it and the other on the right, at several distances. A
derivative that moves it is found by Newton's method in jets, each step of which is right to one more unit. A rank is
the place in the order by value, of equal values the first first.

Blind spot. A second root between the tested distances, or farther away, is not seen; nor that a derivative would move
members apart that are equal.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cmp_to_key
from typing import TYPE_CHECKING

from mpmath import libmp

from gradproof import expression as x
from gradproof.audit.arithmetic import (
    HALF,
    ONE,
    ZERO,
    Jet,
    Real,
    Undefined,
    Untestable,
    Value,
    inside,
    less,
    parts_of,
    real_abs,
    real_add,
    real_mul,
)
from gradproof.audit.meaning import Count, Moves, Run, Where, position
from gradproof.expression import Expr, Interval

if TYPE_CHECKING:
    from gradproof.audit.evaluation import Evaluator

STRETCH, STEPS = 12, 600  # powers of two around the start; halvings and secants
NEARBY = (-40, -12, -3, 0, 3)  # distances from the root, as powers of two
Gap = Callable[[Real], Real]


def root(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    assert isinstance(e, x.Root)
    left, right = args
    c, base, domain = ev.arithmetic, ev.base(e.unknown), e.unknown.domain

    def run(where: Where, moves: Moves) -> Value:
        def difference(t: Value, along: Moves) -> Value:
            here = (*along, (base, 0, t))
            return c.sub(left(where, here), right(where, here))

        ev.values.setdefault(base, ZERO)
        still = tuple(m for m in moves if not m[1])
        solution = _solve(ev, lambda t: _real(difference(t, still)), domain)
        units = 0
        for _, unit, _ in moves:
            units |= unit
        if not units:
            return solution
        fresh = 1 << units.bit_length()
        slope = _real(c.coefficient(difference(Jet({0: solution, fresh: ONE}), still), fresh))
        found: Value = solution
        for _ in range(units.bit_count()):
            found = c.sub(found, c.mul(difference(found, moves), c.over(ONE, slope)))
        return found

    return run


def _real(value: Value) -> Real:
    return parts_of(value)[0]


def _solve(ev: Evaluator, gap: Gap, domain: Interval) -> Real:
    """Secants between two points of different signs, the value at an end that stays being halved, and bisections."""
    low, high = _bracket(ev, gap, domain)
    at_low, at_high = gap(low), gap(high)
    stayed = ""
    for n in range(STEPS):
        if ZERO in (at_low, at_high) or _close(ev, low, high):
            break
        middle = _secant(ev, low, high, at_low, at_high) if n % 8 else _mean(ev, low, high)
        value = gap(middle)
        if value[0] == at_low[0] and value != ZERO:
            low, at_low, at_high = middle, value, libmp.mpf_shift(at_high, -(stayed == "high"))
            stayed = "high"
        else:
            high, at_high, at_low = middle, value, libmp.mpf_shift(at_low, -(stayed == "low"))
            stayed = "low"
    else:
        raise Untestable("a root that the search did not close in on")
    solution = low if at_low == ZERO else high
    _only(ev, gap, solution, domain)
    return solution


def _bracket(ev: Evaluator, gap: Gap, domain: Interval) -> tuple[Real, Real]:
    """Two points at which the difference has different signs."""
    for n in range(STRETCH + 1):
        low, high = _ends(ev, domain, n)
        at_low, at_high = gap(low), gap(high)
        if at_low == ZERO or at_high == ZERO or at_low[0] != at_high[0]:
            return low, high
    raise Undefined("no solution of the equation of a root was found")


def _ends(ev: Evaluator, domain: Interval, n: int) -> tuple[Real, Real]:
    """An interval in the domain, growing with n."""
    c, far, near = ev.arithmetic, 4.0**n, 4.0**-n / 4
    if domain.low is not None and domain.high is not None:
        width = float(domain.high - domain.low)
        ends = float(domain.low) + width * near, float(domain.high) - width * near
    elif domain.low is not None:
        ends = float(domain.low) + near, float(domain.low) + far
    elif domain.high is not None:
        ends = float(domain.high) - far, float(domain.high) - near
    else:
        ends = -far, far
    return c.real(ends[0]), c.real(ends[1])


def _mean(ev: Evaluator, low: Real, high: Real) -> Real:
    bits = ev.arithmetic.precision
    return real_mul(real_add(low, high, bits + 20, "n"), HALF, bits, "n")


def _secant(ev: Evaluator, low: Real, high: Real, at_low: Real, at_high: Real) -> Real:
    c = ev.arithmetic
    width, drop = c.minus(high, low), c.minus(at_low, at_high)
    part = c.over(real_mul(width, at_low, c.precision, "n"), drop)
    return real_add(low, part, c.precision, "n")


def _close(ev: Evaluator, low: Real, high: Real) -> bool:
    c = ev.arithmetic
    width = real_abs(c.minus(high, low))
    size = real_add(ONE, real_abs(high), c.precision, "n")
    return less(width, libmp.mpf_shift(size, 4 - c.precision))


def _only(ev: Evaluator, gap: Gap, solution: Real, domain: Interval) -> None:
    """Refuse a solution around which the difference does not change its sign once and for all."""
    c = ev.arithmetic
    for n in NEARBY:
        step = libmp.mpf_shift(ONE, n)
        left, right = c.minus(solution, step), real_add(solution, step, c.precision, "n")
        if not inside(domain, left) or not inside(domain, right):
            continue
        below, above = gap(left), gap(right)
        if ZERO in (below, above) or below[0] == above[0]:
            raise Undefined("the equation of a root has more than one solution")


def ranking(ev: Evaluator, e: x.Ranking) -> Count:
    size, member, wanted = ev.count(e.family.size), ev.node(e.family.args[1]).run, ev.count(e.args[1])
    inverse = e.data[0] == "rank"

    def count(where: Where) -> int:
        values = {n: _real(member((n, *where), ())) for n in range(1, size(where) + 1)}

        def compared(a: int, b: int) -> int:
            return int(libmp.mpf_cmp(values[a], values[b])) or a - b

        order = sorted(values, key=cmp_to_key(compared))
        place = wanted(where)
        if not 1 <= place <= len(order):
            raise Undefined(f"a family of {len(order)} has no rank {place}")
        return order.index(place) + 1 if inverse else order[place - 1]

    return count


MEANINGS: dict[type[Expr], Callable[[Evaluator, Expr, tuple[Run, ...]], Run]] = {
    x.Root: root,
    x.Ranking: position,
}
