"""Points on request, and the search for the simplest counterexample.

Contract. `counterexample` goes through the sizes from small to large, at each first through simple values (0, 1, -1, 2,
1/2, ...), then through random ones, always subject to domains and givens. What it returns has been evaluated: the
relation is false there, or just one of its sides is defined.

Blind spot. None found means none found, not that there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from random import Random
from typing import Any

from gradproof.audit.arithmetic import Real, Undefined, Untestable, from_rational, inside
from gradproof.audit.chains import schedule
from gradproof.audit.evaluation import Evaluator, Point
from gradproof.audit.naming import by_name, plain
from gradproof.audit.sampling import Choose, Sampler
from gradproof.audit.truth import Judge
from gradproof.derivation import Given
from gradproof.expression import Array, Expr, Index, Interval, Relation, Symbol

Side = int | Fraction | float | str | None
SIMPLE = tuple(Fraction(n) for n in ("1", "0", "2", "-1", "1/2", "3", "-2", "1/4", "-1/2", "3/4"))
LARGEST_SIZE, LARGEST_SUM = 4, 8
POINTS, MOST_FOR_SIZES, LEAST_FOR_SIZES = 600, 160, 16  # in all; and for each choice of the sizes
ROUNDING = -140  # what is below this power of two is rounding, not a value to show


@dataclass(frozen=True)
class Counterexample:
    """Where a relation fails. A side is None where it is undefined, or where the proposition has no sides."""

    sizes: dict[str, int]
    values: dict[str, Any]  # name -> number or nested lists; free indices counted from 1
    left: Side
    right: Side
    reason: str = ""


def sample(
    expressions: Iterable[Expr],
    givens: Sequence[Given] = (),
    rng: Random | None = None,
    sizes: Sequence[int] = range(1, 6),
) -> Point | None:
    """A random point at which the givens hold, or None if none was found."""
    generator = rng or Random(0)
    sampler = Sampler(expressions, givens)
    for chosen in schedule(sampler.stock.sizes, tuple(sizes), 5, generator):
        point = sampler.draw(chosen, generator)
        if point is not None:
            return point
    return None


def counterexample(
    relation: Expr,
    givens: Sequence[Given] = (),
    over: tuple[Index, ...] = (),
    seed: int = 0,
    defined: bool = False,
) -> Counterexample | None:
    """The simplest point found at which the relation fails under the givens, or None.

    If `defined`, only a point at which both sides are defined will do.
    """
    rng = Random(seed)
    sampler = Sampler((relation, *over), givens)
    judge = Judge(Evaluator(), sampler)
    choices = ascending(sampler.stock.sizes)
    for sizes in choices:
        share = min(MOST_FOR_SIZES, max(LEAST_FOR_SIZES, POINTS // len(choices)))
        for point in candidates(sampler, sizes, share, rng):
            judge.begin(point)
            found = _failure(judge, relation, point)
            if found is not None and not (defined and found.reason):
                return found
    return None


def ascending(symbols: Sequence[Symbol]) -> list[dict[Symbol, int]]:
    combinations = sorted(product(range(1, LARGEST_SIZE + 1), repeat=len(symbols)), key=lambda c: (sum(c), c))
    largest = max(LARGEST_SUM, len(symbols))
    return [dict(zip(symbols, chosen, strict=True)) for chosen in combinations if sum(chosen) <= largest]


def candidates(sampler: Sampler, sizes: dict[Symbol, int], share: int, rng: Random) -> Iterator[Point]:
    """Half of the share systematic, a quarter simple at random, a quarter random."""
    digits = product(range(4), repeat=_unknowns(sampler, sizes))
    choosers = [_digits(d) for d in islice(digits, share // 2)]
    choosers += [_simple(rng)] * (share // 4)
    for choose in choosers:
        point = sampler.draw(sizes, rng, choose=choose, tries=1)
        if point is not None:
            yield point
    for _ in range(share // 4):
        point = sampler.draw(sizes, rng)
        if point is None:
            return
        yield point


def _unknowns(sampler: Sampler, sizes: dict[Symbol, int]) -> int:
    """How many values a point takes; beyond ten the count does not matter."""
    point = sampler.draw(sizes, Random(0))
    if point is None:
        return 0
    return min(10, sum(len(v) if isinstance(b, Array) else 1 for b, v in point.values.items()))


def _allowed(domain: Interval) -> list[Real]:
    numbers = [from_rational(f.numerator, f.denominator, 60, "n") for f in SIMPLE]
    found = [r for r in numbers if inside(domain, r)]
    if not found:
        low, high = domain.low, domain.high
        middle = (low + high) / 2 if low is not None and high is not None else (low or high or Fraction(0))
        found = [from_rational(middle.numerator, middle.denominator, 60, "n")]
    return found


def _digits(digits: Sequence[int]) -> Choose:
    """Chooses the simple values that the digits number, one after the other."""
    position = 0

    def choose(domain: Interval) -> Real:
        nonlocal position
        allowed = _allowed(domain)
        digit = digits[position % len(digits)] if digits else 0
        position += 1
        return allowed[digit % len(allowed)]

    return choose


def _simple(rng: Random) -> Choose:
    return lambda domain: rng.choice(_allowed(domain))


def _failure(judge: Judge, e: Expr, point: Point) -> Counterexample | None:
    try:
        verdict = judge.judge(e)
    except Untestable:
        return None
    except Undefined as reason:
        left, right = _sides(judge, e)
        if (left is None) == (right is None):
            return None
        return _at(point, left, right, f"undefined: {reason}")
    return None if verdict.holds else _at(point, verdict.left, verdict.right)


def _sides(judge: Judge, e: Expr) -> list[Real | None]:
    """Both sides of a relation, None where undefined."""
    if not isinstance(e, Relation) or e.operator == "<=>":
        return [None, None]
    found: list[Real | None] = []
    for side in e.args:
        try:
            found.append(judge.evaluator.value(side))
        except Undefined:
            found.append(None)
        except Untestable:
            return [None, None]
    return found


def _at(point: Point, left: Real | str | None, right: Real | str | None, reason: str = "") -> Counterexample:
    sizes = {s.name: n for s, n in point.sizes.items()}
    return Counterexample(sizes, by_name(point), _shown(left), _shown(right), reason)


def _shown(side: Real | str | None) -> Side:
    if not isinstance(side, tuple):
        return side or None
    return plain(side) if side[2] + side[3] > ROUNDING else 0
