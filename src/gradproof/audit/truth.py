"""Whether a proposition holds at a point.

Contract. Equality is to a relative difference of 1e-20 (1e-10 where a limit or a mean is involved), measured against
one plus the larger side. A strict inequality must hold by more than rounding. An optimum is compared with rivals:
feasible values on the line through the claimed point and the drawn one, near and far.

Blind spot. Rivals are samples: a better point in a small corner far away is not seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from gradproof import expression as x
from gradproof.audit.arithmetic import (
    ONE,
    Arithmetic,
    Real,
    Undefined,
    Untestable,
    inside,
    less,
    real_abs,
    real_add,
    real_mul,
    real_sub,
    to_float,
    to_text,
)
from gradproof.audit.evaluation import Evaluator, Point
from gradproof.audit.meaning import Base, Table, Where
from gradproof.expression import Array, Expr, Relation, Symbol

PROPOSITIONS = (Relation, x.ForAll, x.Optimum, x.Vector)  # and the points of optima
EQUAL = 1e-20
EQUAL_IN_LIMIT = 1e-10
STRICT = 1e-30
COMPARING = Arithmetic(60)
RIVALS = (Fraction(1), Fraction(1, 16), Fraction(-1, 16), Fraction(1, 512), Fraction(-1, 512))


@dataclass(frozen=True)
class Verdict:
    """Whether it holds, with both sides, and the relative difference where an equality was tested."""

    holds: bool
    left: Real | str = ""
    right: Real | str = ""
    difference: float = 0.0
    truth: bool | None = None  # of an equivalence: whether its left side is true

    @property
    def sides(self) -> tuple[str, str]:
        left, right = (s if isinstance(s, str) else to_text(s) for s in (self.left, self.right))
        return left, right


class Feasible(Protocol):
    """Who knows the givens: whether they hold at a point, those that involve `base`."""

    def feasible(self, point: Point, base: Base) -> bool: ...


class Judge:
    """Decides propositions at the point the evaluator has begun with."""

    def __init__(self, evaluator: Evaluator, givens: Feasible | None = None) -> None:
        self.evaluator = evaluator
        self.givens = givens
        self.point = Point({}, {})
        self.limits: dict[int, tuple[Expr, bool]] = {}

    def begin(self, point: Point) -> None:
        self.point = point
        self.evaluator.begin(point)

    def judge(self, e: Expr, where: Where = ()) -> Verdict:
        if isinstance(e, Relation):
            return self.relation(e.args[0], e.operator, e.args[1], where)
        if isinstance(e, x.ForAll):
            return self._for_all(e, where)
        if isinstance(e, x.Optimum):
            return self._optimum(e, where)
        raise Untestable(f"{type(e).__name__} is not a proposition")

    def relation(self, left: Expr, operator: str, right: Expr, where: Where = ()) -> Verdict:
        """How left stands to right, both evaluated here; between propositions "=" means a term inside was rewritten."""
        if isinstance(left, PROPOSITIONS) and operator == "=" and _same_form(left, right):
            return self._rewritten(left, right, where)
        if isinstance(left, PROPOSITIONS):
            first, second = self.judge(left, where), self.judge(right, where)
            same = first.holds == second.holds
            return Verdict(same, _truth(first), _truth(second), truth=first.holds)
        a, b = self.evaluator.value(left, where), self.evaluator.value(right, where)
        loose = EQUAL_IN_LIMIT if self._has_limit(left) or self._has_limit(right) else EQUAL
        holds, difference = compare(a, operator, b, loose)
        return Verdict(holds, a, b, difference)

    def _rewritten(self, left: Expr, right: Expr, where: Where) -> Verdict:
        """Whether two propositions of one form say the same of equal terms."""
        if isinstance(left, (x.ForAll, x.Vector)):
            size = self.relation(left.args[0], "=", right.args[0], where)
            inner = ((i, *where) for i in range(1, self.evaluator.count(left.size)(where) + 1))
            return _worst(size, (self.relation(left.args[1], "=", right.args[1], w) for w in inner))
        pairs = zip(left.args, right.args, strict=True)
        return _worst(Verdict(True), (self.relation(a, "=", b, where) for a, b in pairs))

    def _has_limit(self, e: Expr) -> bool:
        known = self.limits.get(id(e))
        if known is None:
            parts = list(x.subterms(e))
            parts += [s for d in x.definitions(e) for s in x.subterms(d.body)]
            known = self.limits[id(e)] = (e, any(isinstance(s, (x.Limit, x.Expectation)) for s in parts))
        return known[1]

    def _for_all(self, e: x.ForAll, where: Where) -> Verdict:
        inner = ((i, *where) for i in range(1, self.evaluator.count(e.size)(where) + 1))
        return _worst(Verdict(True), (self.judge(e.args[1], w) for w in inner))

    def _optimum(self, e: x.Optimum, where: Where) -> Verdict:
        base = e.data[1]
        here = self.point
        best_point = self._claimed(e.args[1], base, where)
        try:
            claimed = self._with(here, base, best_point)
            if not self._feasible(claimed, base):
                return Verdict(False, _short(best_point), "which is not feasible")
            best = self.evaluator.value(e.args[0], where)
            return self._against_rivals(e, best, best_point, here, where)
        finally:
            self.begin(here)

    def _against_rivals(self, e: x.Optimum, best: Real, best_point: Any, here: Point, where: Where) -> Verdict:
        kind, base = e.data
        compared = 0
        for t in RIVALS:
            rival_point = self._between(best_point, here.values[base], t)
            if t == 1 and self._same(best_point, rival_point):
                return Verdict(True, best, "the only feasible value drawn")
            if not self._feasible(self._with(here, base, rival_point), base):
                continue
            try:
                rival = self.evaluator.value(e.args[0], where)
            except Undefined:
                continue
            compared += 1
            better = less(rival, best) if kind == "min" else less(best, rival)
            if better or compare(best, "=", rival, STRICT)[0]:
                claimed, found = f"at {_short(best_point)}", f"at {_short(rival_point)}"
                return Verdict(False, f"{to_text(best)} {claimed}", f"{to_text(rival)} {found}")
        if not compared:
            raise Untestable("an optimum without a feasible rival")
        return Verdict(True, best, "no better rival")

    def _same(self, one: Any, other: Any) -> bool:
        if isinstance(one, dict):
            return all(compare(value, "=", other[place])[0] for place, value in one.items())
        return compare(one, "=", other)[0]

    def _claimed(self, point: Expr, base: Base, where: Where) -> Any:
        if isinstance(base, Symbol):
            return self.evaluator.value(point, where)
        if not isinstance(point, x.Vector):
            raise Untestable("an optimum over an array whose point is not a vector")
        size = self.evaluator.count(point.size)(where)
        return {(i,): self.evaluator.value(point.args[1], (i, *where)) for i in range(1, size + 1)}

    def _between(self, best: Any, other: Any, t: Fraction) -> Any:
        if isinstance(best, dict):
            return {place: self._mix(value, other[place], t) for place, value in best.items()}
        return self._mix(best, other, t)

    def _mix(self, best: Real, other: Real, t: Fraction) -> Real:
        c = self.evaluator.arithmetic
        step = real_mul(c.real(t), c.minus(other, best), c.precision, "n")
        return real_add(best, step, c.precision, "n")

    def _with(self, here: Point, base: Base, value: Any) -> Point:
        changed = Point(here.sizes, here.indices, {**here.values, base: value})
        self.begin(changed)
        return changed

    def _feasible(self, point: Point, base: Base) -> bool:
        value = point.values[base]
        entries = value.values() if isinstance(base, Array) else (value,)
        if not all(inside(base.domain, v) for v in entries):
            return False
        return self.givens is None or self.givens.feasible(point, base)


def _worst(worst: Verdict, others: Iterable[Verdict]) -> Verdict:
    """The first that fails, else the one with the largest difference."""
    for verdict in others:
        if not worst.holds:
            break
        if not verdict.holds or verdict.difference >= worst.difference:
            worst = verdict
    return worst


def _same_form(left: Expr, right: Expr) -> bool:
    return type(left) is type(right) and left.data == right.data


def compare(a: Real, operator: str, b: Real, equal: float = EQUAL) -> tuple[bool, float]:
    """Whether a stands to b in the relation, and the relative difference an equality allowed."""
    gap = real_sub(a, b, 100, "n")
    left, right = real_abs(a), real_abs(b)
    scale = real_add(ONE, right if less(left, right) else left, 100, "n")
    ratio = to_float(COMPARING.over(gap, scale))
    if operator == "=":
        return abs(ratio) <= equal, abs(ratio)
    if operator == "!=":
        return abs(ratio) > STRICT, 0.0
    if operator in (">", ">="):
        ratio = -ratio
    if operator in ("<", ">"):
        return ratio < -STRICT, 0.0
    if operator in ("<=", ">="):
        return ratio <= equal, 0.0
    raise Untestable(f"unknown relation {operator}")


def _truth(verdict: Verdict) -> str:
    return f"{str(verdict.holds).lower()} ({' and '.join(verdict.sides)})"


def _short(value: Real | Table) -> str:
    if isinstance(value, dict):
        return "[" + ", ".join(to_text(v, 4) for v in value.values()) + "]"
    return to_text(value, 4)
