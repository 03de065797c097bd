"""Points that satisfy domains and givens.

Contract. A `Sampler` draws sizes, free indices and values, then makes the givens true one after the other: a bare
symbol or entry takes the other side's value, a family is scaled or shifted, else one unknown is solved for;
what is only an inequality is drawn anew. Every given is tested at the end, and a point that fails one is thrown away.

Blind spot. A given that this cannot satisfy yields no point; the audit then says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import ceil, floor
from random import Random

from gradproof import expression as x
from gradproof.audit.arithmetic import (
    HALF,
    ONE,
    ZERO,
    Real,
    Undefined,
    Untestable,
    from_rational,
    inside,
    real_abs,
    real_add,
    real_mul,
    to_float,
)
from gradproof.audit.evaluation import Evaluator, Point
from gradproof.audit.functions import SHAPES
from gradproof.audit.inventory import Inventory, patterns, take_stock
from gradproof.audit.meaning import Base, Table, Where
from gradproof.audit.truth import Judge
from gradproof.derivation import Given
from gradproof.expression import POSITIVE, REAL, Array, Expr, Interval, Relation, Symbol, Unknown

Choose = Callable[[Interval], Real]
TRIES, SWEEPS, REDRAWS, SECANT_STEPS = 40, 4, 25, 25
PATIENCE, SMALL_BY_THEN = 10, 1e-5
FEW, FUTILE = 5, 3  # changes to make a matrix definite, and failures after which these sizes are given up
SOLVING_BITS = 300
LARGEST = 1e6  # magnitude of a solved value, and of its inverse
SOLVED = 1e-80  # far below what the audit calls equal, so that even a double root is solved well enough


def generic(rng: Random) -> Choose:
    """Any number of the domain; now and then a closed end, or zero, where terms like to be undefined."""

    def choose(domain: Interval) -> Real:
        return from_rational(*_generic(domain, rng).as_integer_ratio(), 60, "n")

    return choose


def _generic(domain: Interval, rng: Random) -> Fraction:
    low, high = domain.low, domain.high
    if domain.integer:
        first = -3 if low is None else ceil(low) + (domain.low_open and ceil(low) == low)
        last = first + 6 if high is None else floor(high) - (domain.high_open and floor(high) == high)
        return Fraction(rng.randint(first, max(first, last)))
    ends = [e for e, is_open in ((low, domain.low_open), (high, domain.high_open)) if e is not None and not is_open]
    if low is None and high is None:
        ends.append(Fraction(0))
    if ends and rng.random() < 0.06:
        return rng.choice(ends)
    grain = 1 << 24
    if low is not None and high is not None:
        return low + (high - low) * Fraction(rng.randint(grain // 64, grain - grain // 64), grain)
    if low is None and high is None:
        return Fraction(round(rng.gauss(0, 1.5) * grain), grain)
    away = Fraction(max(1, round(rng.lognormvariate(0, 0.8) * grain)), grain)
    return low + away if low is not None else (high or Fraction(0)) - away


class Sampler:
    """Draws points for `terms` under `givens`."""

    def __init__(self, terms: Iterable[Expr], givens: Sequence[Given] = ()) -> None:
        self.stock: Inventory = take_stock(terms, givens)
        self.givens = tuple(givens)
        self.evaluator = Evaluator(SOLVING_BITS)
        self.judge = Judge(self.evaluator)
        self.relations = [x.abstract(g.relation, g.over) for g in givens]
        self.lifted = set[int]()  # givens that a matrix is definite for which its diagonal was raised
        self.futile = 0  # how often another given undid that
        self.blocks = [{a: patterns(r, a) for a in self.stock.arrays} for r in self.relations]

    def draw(
        self,
        sizes: Mapping[Symbol, int],
        rng: Random,
        pattern: int = 2,
        choose: Choose | None = None,
        tries: int = TRIES,
    ) -> Point | None:
        """A point with these sizes; `pattern` 0 keeps the free indices apart, 1 makes them coincide, else at random."""
        pick = choose or generic(rng)
        self.futile = 0
        for _ in range(tries):
            if self.futile > FUTILE:
                return None
            self.lifted.clear()
            point = Point(dict(sizes), {})
            self.judge.begin(point)
            if not self._fill(point, rng, pattern, pick):
                return None
            self.judge.begin(point)
            try:
                if self._satisfy(point, pick, rng):
                    return point
            except (Undefined, Untestable):
                continue
        return None

    def feasible(self, point: Point, base: Base) -> bool:
        """Whether the givens that involve `base` hold at the point."""
        self.judge.begin(point)
        which = [n for n, g in enumerate(self.givens) if base in g.relation.free]
        try:
            return all(self.judge.judge(self.relations[n], where).holds for n in which for where in self._cases(n))
        except Undefined:
            return False

    def _fill(self, point: Point, rng: Random, pattern: int, pick: Choose) -> bool:
        for array in self.stock.arrays:
            shape = [self.evaluator.count(n)(()) for n in array.shape]
            domain = self._domain(array)
            point.values[array] = {place: pick(domain) for place in product(*(range(1, n + 1) for n in shape))}
        for symbol in self.stock.symbols:
            point.values[symbol] = pick(symbol.domain)
        for function in self.stock.functions:
            point.values[function] = {(n + 1,): pick(REAL) for n in range(SHAPES)}
        orders: dict[int, list[int]] = {}
        for position, index in enumerate(self.stock.indices):
            n = self.evaluator.count(index.size)(())
            if n < 1:
                return False
            order = orders.setdefault(n, rng.sample(range(1, n + 1), n))
            point.indices[index] = (order[position % n], order[0])[pattern] if pattern < 2 else rng.randint(1, n)
        return True

    def _domain(self, base: Base) -> Interval:
        """Where to draw values from: of class labels, the classes there are at these sizes."""
        if isinstance(base, Unknown):
            return REAL
        if isinstance(base, Array) and base.into is not None:
            return Interval(Fraction(1), Fraction(self.evaluator.count(base.into)(())), False, False, True)
        return base.domain

    def _cases(self, n: int) -> Iterator[Where]:
        """The values of the given's `over` at which it claims something."""
        given = self.givens[n]
        ranges = [range(1, self.evaluator.count(i.size)(()) + 1) for i in given.over]
        for where in product(*ranges):
            at = dict(zip(given.over, where, strict=True))
            pairs = [[at[i] if i in at else self.evaluator.count(i)(()) for i in pair] for pair in given.apart]
            if all(i != k for i, k in pairs):
                yield where

    def _holds(self, n: int, where: Where) -> bool:
        verdict = self.judge.judge(self.relations[n], where)
        return verdict.holds and verdict.difference <= SOLVED

    def _satisfy(self, point: Point, pick: Choose, rng: Random) -> bool:
        for _ in range(SWEEPS):
            settled = True
            for n in range(len(self.givens)):
                for where in self._cases(n):
                    if self._holds(n, where):
                        continue
                    settled = False
                    if not self._repair(n, where, point, pick, rng):
                        return False
            if settled:
                return True
        return False

    def _repair(self, n: int, where: Where, point: Point, pick: Choose, rng: Random) -> bool:
        relation = self.relations[n]
        if not isinstance(relation, Relation):
            return False
        if relation.operator != "=":
            least = relation.args[0]
            if isinstance(least, x.OfMatrix) and least.kind == "least eigenvalue" and isinstance(least.base, Array):
                if n in self.lifted:  # an equation has put it back
                    self.futile += 1
                    return False
                self.lifted.add(n)
                return self._lift(least, point, pick) and self._holds(n, where)
            return self._redraw(n, where, point, pick, rng)
        saved = {base: dict(value) if isinstance(value, dict) else value for base, value in point.values.items()}
        for put, start in self._unknowns(n, where, point):
            if self._solve(n, where, put, start):
                return True
            for base, value in saved.items():
                point.values[base] = dict(value) if isinstance(value, dict) else value
            self.judge.begin(point)
        return False

    def _lift(self, least: x.OfMatrix, point: Point, pick: Choose) -> bool:
        """Add to the diagonal what the matrix lacks of being positive definite, and a little more."""
        lacking = real_add(real_abs(self.evaluator.value(least)), pick(POSITIVE), SOLVING_BITS, "n")
        base = least.base
        assert isinstance(base, Array)
        table = point.values[base]
        diagonal = {p: real_add(v, lacking, SOLVING_BITS, "n") for p, v in table.items() if p[0] == p[1]}
        inside_all = True
        for place, value in diagonal.items():
            inside_all = self._put(point, base, place, value) and inside_all
        return inside_all

    def _redraw(self, n: int, where: Where, point: Point, pick: Choose, rng: Random) -> bool:
        bare = [found for side in self.relations[n].args if (found := self._place(side, where))]
        places = bare or self._places(n, where, point)
        definite = any(isinstance(side, x.OfMatrix) for side in self.relations[n].args)
        if not places:  # a given about sizes alone: other sizes may satisfy it
            return False
        for _ in range(FEW if definite else REDRAWS):
            base, place = rng.choice(places)
            self._put(point, base, place, pick(self._domain(base)))
            if self._holds(n, where):
                return True
        self.futile += definite
        return False

    def _place(self, e: Expr, where: Where) -> tuple[Base, Where] | None:
        """The symbol or entry that e is, if e is nothing more."""
        if isinstance(e, Symbol) and e in self.stock.symbols:
            return e, ()
        if isinstance(e, x.Entry) and isinstance(e.base, Array):
            return e.base, tuple(self.evaluator.count(a)(where) for a in e.args)
        return None

    def _places(self, n: int, where: Where, point: Point) -> list[tuple[Base, Where]]:
        found: list[tuple[Base, Where]] = [(s, ()) for s in self.stock.symbols if s in self.relations[n].free]
        found += [(f, (1,)) for f in self.stock.functions if f in self.relations[n].free]
        for array in self.blocks[n]:
            found += [(array, place) for place in reversed(self._block(n, where, array, point))]
        return found

    def _put(self, point: Point, base: Base, place: Where, value: Real) -> bool:
        if isinstance(base, Array | Unknown):
            point.values[base][place] = value
        else:
            point.values[base] = value
            self.evaluator.values[self.evaluator.base(base)] = value
        self.evaluator.forget()
        return inside(REAL if isinstance(base, Unknown) else base.domain, value)

    def _block(self, n: int, where: Where, array: Array, point: Point) -> list[Where]:
        """The entries of the array that the given touches in this case."""
        patterns = [
            [None if a is None else self.evaluator.count(a)(where) for a in p] for p in self.blocks[n].get(array, ())
        ]
        return [
            place
            for place in point.values[array]
            if any(all(a is None or a == b for a, b in zip(p, place, strict=True)) for p in patterns)
        ]

    def _unknowns(self, n: int, where: Where, point: Point) -> Iterator[tuple[Callable[[Real], bool], Real]]:
        """Ways to move the point, each as (put it there, where it is now), the likeliest first."""
        left, right = self.relations[n].args
        for side, other in ((left, right), (right, left)):
            found = self._place(side, where)
            if found:
                yield self._entry_mover(point, *found), self.evaluator.value(other, where)
        for array in self.blocks[n]:  # an entry that stands alone comes before what the given touches many entries of
            block = self._block(n, where, array, point)
            if len(block) == 1:
                yield self._entry_mover(point, array, block[0]), point.values[array][block[0]]
        for array in self.blocks[n]:
            block = self._block(n, where, array, point)
            old = {place: point.values[array][place] for place in block}
            if len(block) > 1:
                movers = [self._block_mover(point, array, old, scaled) for scaled in (True, False)]
                low = array.domain.low
                yield from ((m, s) for m, s in (movers if low is not None and low >= 0 else movers[::-1]))
        for base, place in self._places(n, where, point):
            yield self._entry_mover(point, base, place), point.values[base][place] if place else point.values[base]

    def _entry_mover(self, point: Point, base: Base, place: Where) -> Callable[[Real], bool]:
        return lambda value: self._put(point, base, place, value)

    def _block_mover(self, point: Point, array: Array, old: Table, scaled: bool) -> tuple[Callable[[Real], bool], Real]:
        move = real_mul if scaled else real_add
        bits = self.evaluator.arithmetic.precision

        def put(amount: Real) -> bool:
            inside_all = True
            for place, v in old.items():
                inside_all = self._put(point, array, place, move(v, amount, bits, "n")) and inside_all
            return inside_all

        return put, ONE if scaled else ZERO

    def _solve(self, n: int, where: Where, put: Callable[[Real], bool], start: Real) -> bool:
        """The secant method on the difference of both sides; exact in one step where that is linear."""
        c = self.evaluator.arithmetic
        left, right = self.relations[n].args

        def residual(at: Real) -> Real:
            put(at)
            return c.minus(self.evaluator.value(left, where), self.evaluator.value(right, where))

        try:
            a, b = start, real_add(start, HALF, c.precision, "n")
            if put(a) and self._holds(n, where):
                return True
            old, new = residual(a), residual(b)
            for number in range(SECANT_STEPS):
                size = to_float(real_abs(b))
                if size > LARGEST or 0 < size < 1 / LARGEST:  # there a difference vanishes by rounding, not by truth
                    return False
                if put(b) and self._holds(n, where):
                    return True
                if number == PATIENCE and to_float(real_abs(new)) > SMALL_BY_THEN:
                    return False
                step = real_mul(new, c.over(c.minus(b, a), c.minus(new, old)), c.precision, "n")
                a, b, old = b, c.minus(b, step), new
                new = residual(b)
        except (Undefined, Untestable):
            pass
        return False
