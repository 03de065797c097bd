"""Bounds of terms from the declared domains and the givens. TRUSTED.

Contract. `Signs.interval(e)` contains every value that `e` takes where the symbols are in their domains, the sizes are
at least 1 and the givens of the form "term < number" hold. `positive`, `nonnegative`, `nonzero` and `holds` follow from
it. Within a derivative, a limit or an expectation only that counts which still holds there (`within`).

Blind spot. Interval arithmetic knows nothing of dependence, beyond the forms in `dependence`: x - x is any real to it.
It answers "not known" far more often than a person would.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import gradproof.expression as x
from gradproof import definiteness
from gradproof.derivation import Given
from gradproof.expression import POSITIVE, REAL, UNIT, Array, Expr, Interval, Symbol
from gradproof.expression.intervals import (
    ONE,
    ZERO,
    inverse,
    is_nonnegative,
    is_positive,
    meet,
    negate,
    plus,
    times,
    whole_power,
)
from gradproof.monotone import excess, supported
from gradproof.signs.definedness import missing
from gradproof.signs.dependence import largest_term, mixture, part_of_whole
from gradproof.signs.hypotheses import Hypotheses, Limits, Names

BOUNDED_FUNCTIONS = {
    "sigmoid": UNIT,
    "softplus": POSITIVE,
    "tanh": Interval(-ONE, ONE),
    "abs": Interval(ZERO, None, False),
    "relu": Interval(ZERO, None, False),
    "step": Interval(ZERO, ONE, False, False),
    "sign": Interval(-ONE, ONE, False, False),
    "sin": Interval(-ONE, ONE, False, False),
    "cos": Interval(-ONE, ONE, False, False),
}
# Increasing functions through a known point: the sign of f(x) - f(x0) is the sign of x - x0.
INCREASING = {
    "exp": (ZERO, ONE, ZERO),
    "log": (ONE, ZERO, None),
    "log1p": (ZERO, ZERO, None),
    "expm1": (ZERO, ZERO, -ONE),
}


def leaf(e: Expr) -> Interval:
    """What is known of a term without parts."""
    match e:
        case x.Number():
            return Interval(e.value, e.value, False, False)
        case x.Index() | x.Ranking():
            return Interval(ONE, None, False)
        case x.Delta():
            return Interval(ONE if e.args[0] == e.args[1] else ZERO, ONE, False, False)
        case x.Constant():
            return Interval(Fraction(3), Fraction(4)) if e.data[0] == "pi" else REAL
    return REAL


class Signs:
    """Bounds under a list of givens.

    `moving` holds what a derivative or a limit moves. A derivative sees a neighbourhood, where strict bounds still
    hold; a limit leaves it, so givens about what it moves (`limits`, with the points they tend to) do not count at
    all; but what tends to a point never is that point. What an expectation binds is another variable of that name: of
    it only the domain is known.
    """

    def __init__(
        self,
        givens: Iterable[Given] = (),
        moving: Names = frozenset(),
        limits: Limits = frozenset(),
        proved: tuple[Given, ...] = (),
        bound: Names = frozenset(),
    ) -> None:
        self.givens = tuple(givens)
        self.proved = proved
        self.moving = moving
        self.limits = limits
        self.bound = bound
        still = (g for g in proved if moving.isdisjoint(g.relation.free))
        self._hypotheses = Hypotheses((*self.givens, *still), moving, limits, bound)
        self.mentioned = self._hypotheses.mentioned
        self._known: dict[Expr, Interval] = {}
        self._defined: dict[Expr, str | None] = {}
        self._below: dict[tuple[Symbol | Array, Expr | None], Signs] = {}
        self._inside: dict[Symbol, Signs] = {}

    def stays(self, relation: x.Relation) -> bool:
        """Whether the relation, where it holds, holds in a neighbourhood of what a derivative moves."""
        strict = relation.operator in ("<", ">", "!=")
        return strict and not self.limits and x.continuous(relation, self.moving)

    @property
    def beyond(self) -> frozenset[Symbol | Array]:
        """What a derivative moves, at a closed end of its domain to where nothing is known; no limit leaves it."""
        moving = self.moving.difference(name for name, _ in self.limits)
        return frozenset(s for s in moving if Interval(s.domain.low, s.domain.high) != s.domain)

    def knowing(self, proved: tuple[Given, ...]) -> Signs:
        """The same, with bounds that were proved."""
        return Signs(self.givens, self.moving, self.limits, (*self.proved, *proved), self.bound) if proved else self

    def under(self, moved: Symbol | Array, point: Expr | None = None) -> Signs:
        """The bounds that hold where `moved` moves: in a neighbourhood, or (with a point) along a limit."""
        if moved in self.moving and (point is None or (moved, point) in self.limits):
            return self
        if (moved, point) not in self._below:
            limits = self.limits if point is None else self.limits | {(moved, point)}
            self._below[moved, point] = Signs(self.givens, self.moving | {moved}, limits, self.proved, self.bound)
        return self._below[moved, point]

    def within(self, e: Expr, n: int) -> Signs:
        """The bounds that hold at the n-th child of a term that moves or binds a symbol there."""
        if isinstance(e, x.Derivative):
            return self.under(e.moved)
        if isinstance(e, x.Limit):
            return self.under(e.data[0], e.args[1]) if n == 0 else self
        if not isinstance(e, x.Expectation) or n or e.symbol in self.bound:
            return self
        if e.symbol not in self._inside:
            bound = self.bound | {e.symbol}
            self._inside[e.symbol] = Signs(self.givens, self.moving, self.limits, self.proved, bound)
        return self._inside[e.symbol]

    def positive(self, e: Expr) -> bool:
        return is_positive(self.interval(e))

    def nonnegative(self, e: Expr) -> bool:
        return is_nonnegative(self.interval(e))

    def nonzero(self, e: Expr) -> bool:
        a = self.interval(e)
        if is_positive(a) or is_positive(negate(a)):
            return True
        if self._hypotheses.nonzero(e):
            return True
        if isinstance(e, x.Entry) and isinstance(e.base, x.Definition):
            return self.nonzero(e.base.unfold(e.args))
        if isinstance(e, x.Mul):
            return all(self.nonzero(f) for f in e.args)
        return isinstance(e, x.Pow) and self.nonzero(e.args[0])

    def holds(self, relation: Expr) -> bool:
        """Whether a relation between numbers follows from the bounds."""
        if not isinstance(relation, x.Relation) or relation.operator not in ("<", "<=", ">", ">=", "!="):
            return False
        left, right = relation.args
        gap = plus(self.interval(left), negate(self.interval(right)))
        gap = negate(gap) if "<" in relation.operator else gap
        if relation.operator == "!=":
            return is_positive(gap) or is_positive(negate(gap))
        return is_positive(gap) if relation.operator in "<>" else is_nonnegative(gap)

    def opened(self, e: x.Binder) -> tuple[x.Index, Expr]:
        """An index that neither the term nor a given mentions, and the body at it."""
        index = e.fresh(self.mentioned)
        return index, e.open(index)

    def interval(self, e: Expr) -> Interval:
        if e not in self._known:
            self._known[e] = meet(self._compute(e), self._hypotheses.interval(e))
        return self._known[e]

    def _compute(self, e: Expr) -> Interval:
        match e:
            case x.Add():
                total = self.interval(e.args[0])
                for a in e.args[1:]:
                    total = plus(total, self.interval(a))
                known = Interval(x.least(e), x.greatest(e), False, False)
                return meet(meet(meet(total, mixture(e, self)), known), excess(e))
            case x.Mul():
                return self._product(e)
            case x.Pow():
                return self._power(*e.args)
            case x.Function():
                return self._function(e)
            case x.Sum() | x.Product():
                return self._binder(e)
            case x.Expectation():  # a mean lies strictly between what its values lie strictly between
                return replace(self.within(e, 0).interval(e.body), integer=False)
            case x.Entry() if isinstance(e.base, x.Definition):
                return self.interval(e.base.unfold(e.args))
            case x.OfMatrix():
                return self._of_matrix(e)
            case Symbol() | x.Entry():
                return self._domain(e.base if isinstance(e, x.Entry) else e)  # type: ignore[arg-type]
            case x.Root():
                return e.unknown.domain
        return leaf(e)

    def _of_matrix(self, e: x.OfMatrix) -> Interval:
        """From definiteness: a positive definite matrix has a positive determinant, symmetric or not."""
        if e.kind == "det":
            least = self.interval(x.OfMatrix.of("least eigenvalue", e.base))
            return POSITIVE if is_positive(least) else Interval(ZERO, None, False) if is_nonnegative(least) else REAL
        if e.kind == "least eigenvalue" and isinstance(e.base, x.Definition):
            known = definiteness.of(e.base, self)
            return (REAL, Interval(ZERO, None, False), POSITIVE)[known]
        return REAL

    def _domain(self, name: Symbol | Array) -> Interval:
        """The domain; of what moves, its open ends only, since it may leave a closed end."""
        domain = name.domain
        if name not in self.moving:
            return domain
        return Interval(domain.low if domain.low_open else None, domain.high if domain.high_open else None)

    def _product(self, e: x.Mul) -> Interval:
        total = Interval(ONE, ONE, False, False)
        for a in e.args:
            total = times(total, self.interval(a))
        return meet(total, part_of_whole(e, self))

    def _power(self, base: Expr, exponent: Expr) -> Interval:
        a = self.interval(base)
        if isinstance(exponent, x.Number) and exponent.value.denominator == 1:
            total = whole_power(a, abs(int(exponent.value)), self.nonzero(base))
            return inverse(total) if exponent.value < 0 else total
        if is_positive(a):
            return POSITIVE
        root = isinstance(exponent, x.Number) and exponent.value > 0
        return Interval(ZERO, None, False) if root and is_nonnegative(a) else REAL

    def _function(self, e: x.Function) -> Interval:
        known = BOUNDED_FUNCTIONS.get(e.name, REAL)
        if e.name == "step":
            a = self.interval(e.args[0])
            jumped = ONE if is_positive(a) else ZERO if is_nonnegative(negate(a)) else None
            return known if jumped is None else Interval(jumped, jumped, False, False)
        if e.name in INCREASING and len(e.args) == 1:
            at, value, floor = INCREASING[e.name]
            a = self.interval(e.args[0])
            if a.low is not None and a.low >= at:
                return Interval(value, None, (a.low == at and a.low_open) or a.low > at)
            high = a.high is not None and a.high <= at
            return Interval(floor, value if high else None, True, high and (a.high_open or a.high != at))
        return known

    def _binder(self, e: x.Binder) -> Interval:
        if not x.is_size(e.size):
            return REAL
        index, body = self.opened(e)
        if isinstance(e, x.Sum) and isinstance(body, x.Delta):
            others = [a for a in body.args if a != index]
            if len(others) == 1 and isinstance(others[0], x.Index) and others[0].size == e.size:
                return Interval(ONE, ONE, False, False)  # one term is 1, the others are 0
        a = self.interval(body)
        if isinstance(e, x.Product):
            return POSITIVE if is_positive(a) else Interval(ZERO, None, False) if is_nonnegative(a) else REAL
        if is_nonnegative(a):
            found = isinstance(e, x.Sum) and not is_positive(a) and supported(e, self)
            return POSITIVE if found else largest_term(e, index, body, self)
        return negate(Interval(negate(a).low, None, a.high_open)) if is_nonnegative(negate(a)) else REAL

    def undefined(self, e: Expr) -> str | None:
        """None where the term is known to be defined, else the condition that is missing, in words."""
        if e not in self._defined:
            self._defined[e] = missing(e, self)
        return self._defined[e]
