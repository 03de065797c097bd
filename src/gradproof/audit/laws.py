"""Probability laws by their densities, and means as sums: what an expectation is to the audit.

Contract. A continuous law is integrated by the trapezoidal rule in t, with x = x(t) chosen so that density times dx/dt
dies away at both ends; the step is halved until two sums agree. A law on whole numbers is summed. Parameters may be
jets, since the places x do not move with them. At the kinks and jumps of the body the integral is cut into pieces. A
sum that does not die away is `Undefined`, one that does not settle `Untestable`.

Blind spot. An integrand that lives only between the nodes, or beyond the widest range, is not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from mpmath import libmp

from gradproof.audit.arithmetic import (
    HALF,
    ONE,
    ZERO,
    Arithmetic,
    Real,
    Undefined,
    Untestable,
    Value,
    from_float,
    from_int,
    inside,
    less,
    parts_of,
    real_abs,
    real_add,
    real_mul,
    real_neg,
    to_float,
    to_text,
)
from gradproof.expression import LAWS

Body = Callable[[Real], Value]
Kinks = tuple[Body, ...]  # terms at whose zeros the body has a kink or a jump
SCAN, BISECTIONS = 100, 80  # nodes at which the sign is looked at, steps from there
NEGLIGIBLE, SMALL = from_float(1e-16), from_float(1e-3)  # of a term, relative to the sum, which may be near 0
AGREEMENT = 1e-10  # the next halving squares what is left
QUIET = 3  # nodes in a row without a contribution end a sum
FINEST = 6  # halvings of the step
MOST_COUNTS = 2000


class Endless(Undefined):
    """A sum outwards from the middle that does not die away."""


@dataclass(frozen=True)
class Chart:
    """x(t), dx/dt at a node, from the real parts of the parameters; t runs at least to `near` and at most to `far`.

    Where the body has kinks, t is `cut[0]` and runs through the interval from `cut[1]` to `cut[2]`.
    """

    place: Callable[..., tuple[Real, Real]]
    density: Callable[..., Body]
    near: float
    far: float
    step: float
    cut: tuple[Callable[..., tuple[Real, Real]], float, float]


def _times(c: Arithmetic, *xs: Value) -> Value:
    total: Value = ONE
    for x in xs:
        total = c.mul(total, x)
    return total


def _gaussian(c: Arithmetic, mean: Value, variance: Value) -> Body:
    inverse = c.mul(c.real(Fraction(-1, 2)), c.power(variance, c.real(-1)))
    scale = c.power(_times(c, c.real(2), c.pi(), variance), c.real(Fraction(-1, 2)))

    def density(x: Real) -> Value:
        gap = c.sub(mean, x)
        return c.mul(scale, c.exp(_times(c, inverse, gap, gap)))

    return density


def _exponential(c: Arithmetic, rate: Value) -> Body:
    return lambda x: c.mul(rate, c.exp(_times(c, c.real(-1), rate, x)))


def _laplace(c: Arithmetic, mean: Value, scale: Value) -> Body:
    below = c.power(scale, c.real(-1))
    half = c.mul(HALF, below)

    def density(x: Real) -> Value:
        gap = c.sub(mean, x)
        towards = gap if parts_of(gap)[0][0] else c.negative(gap)
        return c.mul(half, c.exp(c.mul(towards, below)))

    return density


def _gumbel(c: Arithmetic, location: Value) -> Body:
    def density(x: Real) -> Value:
        gap = c.sub(location, x)
        return c.exp(c.sub(gap, c.exp(gap)))

    return density


def _on_a_line(c: Arithmetic, t: Real, mean: Real, variance: Real) -> tuple[Real, Real]:
    deviation = libmp.mpf_sqrt(variance, c.precision, "n")
    return real_add(mean, real_mul(deviation, t, c.precision, "n"), c.precision, "n"), deviation


def _on_a_half_line(c: Arithmetic, t: Real, rate: Real) -> tuple[Real, Real]:
    """x = exp(t - exp(-t)) / rate."""
    inner = libmp.mpf_exp(real_neg(t), c.precision, "n")
    x = c.over(libmp.mpf_exp(c.minus(t, inner), c.precision, "n"), rate)
    return x, real_mul(x, real_add(ONE, inner, c.precision, "n"), c.precision, "n")


def _stretched(c: Arithmetic, t: Real, centre: Real, scale: Real = ONE) -> tuple[Real, Real]:
    """x = centre + scale sinh t."""
    cosh, sinh = libmp.mpf_cosh_sinh(t, c.precision, "n")
    grown = real_mul(scale, sinh, c.precision, "n")
    return real_add(centre, grown, c.precision, "n"), real_mul(scale, cosh, c.precision, "n")


def _on_the_unit(c: Arithmetic, t: Real) -> tuple[Real, Real]:
    """x = 1 / (1 + exp(-pi sinh t))."""
    cosh, sinh = libmp.mpf_cosh_sinh(t, c.precision, "n")
    grown = libmp.mpf_exp(real_neg(real_mul(c.pi(), sinh, c.precision, "n")), c.precision, "n")
    x = c.over(ONE, real_add(ONE, grown, c.precision, "n"))
    slope = real_mul(real_mul(c.pi(), cosh, c.precision, "n"), real_mul(x, x, c.precision, "n"), c.precision, "n")
    return x, real_mul(slope, grown, c.precision, "n")


def _scaled(c: Arithmetic, t: Real, rate: Real = ONE) -> tuple[Real, Real]:
    """x = t / rate."""
    return c.over(t, rate), c.over(ONE, rate)


def _shifted(c: Arithmetic, t: Real, centre: Real) -> tuple[Real, Real]:
    """x = centre + t."""
    return real_add(centre, t, c.precision, "n"), ONE


CHARTS = {
    "Gaussian": Chart(_on_a_line, _gaussian, 6, 40, 0.75, (_on_a_line, -12, 12)),
    "Exponential": Chart(_on_a_half_line, _exponential, 3, 7, 0.25, (_scaled, 0, 60)),
    "Gumbel": Chart(_stretched, _gumbel, 3, 7, 0.25, (_shifted, -6, 50)),
    "Uniform": Chart(_on_the_unit, lambda c: lambda x: ONE, 3, 5, 0.25, (_scaled, 0, 1)),
}


def mean(c: Arithmetic, name: str, parameters: tuple[Value, ...], body: Body, kinks: Kinks = ()) -> Value:
    """The mean of the body under the law."""
    for value, domain in zip(parameters, LAWS[name].parameters, strict=True):
        if not inside(domain, parts_of(value)[0]):
            raise Undefined(f"a parameter of {name} outside its domain: {to_text(parts_of(value)[0])}")
    if name == "Bernoulli":
        (p,) = parameters
        return c.add(c.mul(p, body(ONE)), c.mul(c.sub(ONE, p), body(ZERO)))
    if name == "Poisson":
        return _counted(c, parameters[0], body)
    if name == "Laplace":
        return _two_sided(c, parameters[0], parameters[1], body, kinks)
    return _integral(c, CHARTS[name], parameters, body, kinks)


def _two_sided(c: Arithmetic, centre: Value, scale: Value, body: Body, kinks: Kinks) -> Value:
    """Each side of the kink of the density by itself."""
    middle, rate = parts_of(centre)[0], c.over(ONE, parts_of(scale)[0])

    def side(sign: int) -> Value:
        def away(place: Callable[..., tuple[Real, Real]]) -> Callable[..., tuple[Real, Real]]:
            def placed(c: Arithmetic, t: Real, *_: Real) -> tuple[Real, Real]:
                gap, slope = place(c, t, rate)
                return c.minus(middle, gap) if sign < 0 else real_add(middle, gap, c.precision, "n"), slope

            return placed

        chart = Chart(away(_on_a_half_line), _laplace, 3, 7, 0.25, (away(_scaled), 0, 60))
        return _integral(c, chart, (centre, scale), body, kinks)

    return c.add(side(-1), side(1))


def _counted(c: Arithmetic, rate: Value, body: Body) -> Value:
    weight = c.exp(c.negative(rate))
    total: Value = ZERO
    quiet = 0
    for n in range(MOST_COUNTS):
        if n:
            weight = c.mul(c.mul(weight, rate), c.over(ONE, from_int(n)))
        term = c.mul(weight, body(from_int(n)))
        total = c.add(total, term)
        quiet = quiet + 1 if _small(term, total) and n > to_float(parts_of(rate)[0]) else 0
        if quiet == QUIET:
            return total
    raise Untestable("a series that does not die away")


def _small(term: Value, total: Value) -> bool:
    whole = parts_of(total)
    limits = ((p, real_add(SMALL, real_abs(whole.get(mask, ZERO)), 60, "n")) for mask, p in parts_of(term).items())
    return not any(less(real_mul(NEGLIGIBLE, limit, 60, "n"), real_abs(p)) for p, limit in limits)


def _integral(c: Arithmetic, chart: Chart, parameters: tuple[Value, ...], body: Body, kinks: Kinks) -> Value:
    centre = [parts_of(p)[0] for p in parameters]
    place, density = chart.cut[0] if kinks else chart.place, chart.density(c, *parameters)
    nodes = c.nodes.setdefault((chart, parameters, bool(kinks)), {})

    def term(t: Real) -> Value:
        if t not in nodes:
            x, slope = place(c, t, *centre)
            nodes[t] = x, c.mul(slope, density(x))
        x, weight = nodes[t]
        return weight if weight == ZERO else c.mul(weight, body(x))

    if not kinks:
        return _trapezoid(c, lambda t: term(c.real(t)), chart.near, chart.far, chart.step)
    total: Value = ZERO
    for start, end in pairwise(_breaks(c, chart, centre, kinks)):
        total = c.add(total, _piece(c, term, start, end))
    return total


def _breaks(c: Arithmetic, chart: Chart, centre: list[Real], kinks: Kinks) -> list[Real]:
    """Where the argument of a kink changes its sign, in t, and both ends."""
    place, low, high = chart.cut
    edge = (high - low) * 1e-9  # the ends themselves may be outside of the domain
    inner = [low + edge, *(low + (high - low) * n / SCAN for n in range(1, SCAN)), high - edge]
    grid = [c.real(t) for t in inner]
    found = {c.real(low), c.real(high)}
    for kink in kinks:

        def negative(t: Real, kink: Body = kink) -> bool:
            return less(parts_of(kink(place(c, t, *centre)[0]))[0], ZERO)

        signs = [negative(t) for t in grid]
        for n in range(SCAN):
            if signs[n] != signs[n + 1]:
                found.add(_bisected(c, negative, grid[n], grid[n + 1]))
    return sorted(found, key=to_float)


def _bisected(c: Arithmetic, negative: Callable[[Real], bool], low: Real, high: Real) -> Real:
    side = negative(low)
    for _ in range(BISECTIONS):
        middle = real_mul(HALF, real_add(low, high, c.precision, "n"), c.precision, "n")
        low, high = (middle, high) if negative(middle) == side else (low, middle)
    return high


def _piece(c: Arithmetic, term: Callable[[Real], Value], start: Real, end: Real) -> Value:
    """From kink to kink by t = middle + half tanh(pi/2 sinh w)."""
    half = real_mul(HALF, c.minus(end, start), c.precision, "n")
    middle, quarter = real_add(start, half, c.precision, "n"), real_mul(HALF, c.pi(), c.precision, "n")

    def inner(w: float) -> Value:
        cosh, sinh = libmp.mpf_cosh_sinh(c.real(w), c.precision, "n")
        outer = libmp.mpf_cosh(real_mul(quarter, sinh, c.precision, "n"), c.precision, "n")
        tanh = libmp.mpf_tanh(real_mul(quarter, sinh, c.precision, "n"), c.precision, "n")
        slope = c.over(_times(c, half, quarter, cosh), real_mul(outer, outer, c.precision, "n"))  # type: ignore[arg-type]
        return c.mul(slope, term(real_add(middle, real_mul(half, tanh, c.precision, "n"), c.precision, "n")))

    try:
        return _trapezoid(c, inner, 2.5, 5, 0.25)
    except Endless as why:  # a piece has two ends: only the rule is at its limits
        raise Untestable(str(why)) from None


def _trapezoid(c: Arithmetic, term: Callable[[float], Value], near: float, far: float, step: float) -> Value:
    before: Value | None = None
    found = _summed(c, near, far, term, 0.0, step)
    for _ in range(FINEST):
        total = c.mul(c.real(step), found)
        if before is not None and _settled(total, before):
            return total
        before, found = total, c.add(found, _summed(c, near, far, term, step / 2, step))
        step /= 2
    raise Untestable("an integral that does not settle")


def _summed(c: Arithmetic, near: float, far: float, term: Callable[[float], Value], start: float, step: float) -> Value:
    """The sum of the terms at start + n step, from the middle outwards till they die away."""
    total: Value = ZERO
    for nodes in (_outwards(start, step, far), _outwards(start - step, -step, far)):
        quiet = 0
        last: list[Real] = []
        for t in nodes:
            added = term(t)
            last = [*last[-2:], parts_of(added)[0]]
            total = c.add(total, added)
            quiet = quiet + 1 if _small(added, total) and abs(t) >= near else 0
            if quiet == QUIET:
                break
        else:
            if _bends(c, last):
                raise Untestable("an integral over a wider range")
            raise Endless("an integral that does not die away")
    return total


def _bends(c: Arithmetic, last: list[Real]) -> bool:
    """Whether the logarithm of three terms bends downwards, as it does on the way to a maximum far out."""
    first, second, third = last
    outer = real_abs(real_mul(first, third, c.precision, "n"))
    inner = real_mul(second, second, c.precision, "n")
    return less(outer, real_mul(inner, from_float(1 - 1e-6), c.precision, "n"))


def _outwards(start: float, step: float, far: float) -> Iterator[float]:
    t = start
    while abs(t) <= far:
        yield t
        t += step


def _settled(a: Value, b: Value) -> bool:
    one, other = parts_of(a), parts_of(b)
    gaps = ((to_float(one.get(m, ZERO)), to_float(other.get(m, ZERO))) for m in one.keys() | other.keys())
    return all(abs(x - y) <= AGREEMENT * (1 + abs(x)) for x, y in gaps)
