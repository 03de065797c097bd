"""What the hypotheses say of a term as it stands: between which numbers it lies, and that it is not 0. TRUSTED.

Contract. A given of the form "term, comparison, number" is learnt only where it still holds for what moves: near the
point, where a derivative moves it, a strict comparison of a continuous term does; along a limit none does, but what
tends to a number never is that number. What an expectation binds is another variable: of it nothing is learnt.

Blind spot. A given counts for the very term on its left, at some values of its indices, and for no other: from x > 2
nothing follows here for 2 x. Givens with indices kept apart are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from itertools import product

import gradproof.expression as x
from gradproof.derivation import Given
from gradproof.expression import REAL, Array, Expr, Interval, Symbol
from gradproof.expression.intervals import meet

Names = frozenset[Symbol | Array]  # what moves, or what is bound
Limits = frozenset[tuple[Symbol | Array, Expr]]  # what tends to a point, with the point


class Hypotheses:
    """The facts that are left of the givens where some symbols move, tend to a point, or are bound."""

    def __init__(self, givens: Iterable[Given], moving: Names, limits: Limits, bound: Names) -> None:
        self._intervals: list[tuple[Expr, tuple[x.Index, ...], Interval]] = []
        self._nonzero: list[tuple[Expr, tuple[x.Index, ...]]] = []
        for g in givens:
            self._learn(g, moving, limits, bound)
        for name, point in limits:
            if isinstance(name, Symbol) and isinstance(point, x.Number) and name not in bound:
                self._nonzero += [(name - point, ()), (point - name, ())]
        lefts = [f[0] for f in self._intervals] + [f[0] for f in self._nonzero]
        self.mentioned = {s.name for left in lefts for s in left.free}

    def _learn(self, g: Given, moving: Names, limits: Limits, bound: Names) -> None:
        """Take note of a given of the form: term, comparison, number, at all values of its indices."""
        left, right = g.relation.args
        operator = g.relation.operator
        open_ = operator in ("<", ">", "!=") and x.continuous(left, moving)
        lost = bound.union((name for name, _ in limits) if open_ else moving)
        if g.apart or not isinstance(right, x.Number) or not lost.isdisjoint(left.free):
            return
        if operator == "!=" and right.value == 0:
            self._nonzero.append((left, g.over))
        elif operator in ("<", "<=", ">", ">="):
            strict, end = operator in "<>", right.value
            found = Interval(end, None, strict) if ">" in operator else Interval(None, end, True, strict)
            self._intervals.append((left, g.over, found))

    def interval(self, e: Expr) -> Interval:
        """What the givens say of this very term."""
        found = REAL
        for left, over, interval in self._intervals:
            if instance(left, over, e):
                found = meet(found, interval)
        return found

    def nonzero(self, e: Expr) -> bool:
        """Whether the givens say that this very term, or its negative, is not 0."""
        return any(instance(left, over, e) or instance(left, over, -e) for left, over in self._nonzero)


@lru_cache(maxsize=10_000)
def positions(e: Expr) -> tuple[x.Ranking, ...]:
    """The places in an order at which the entries of the term stand."""
    return tuple({t for t in x.subterms(e) if isinstance(t, x.Ranking) and not t.loose})


def instance(left: Expr, over: tuple[x.Index, ...], e: Expr) -> bool:
    """Whether the term is `left` at some values of the indices in `over`."""
    if not over:
        return left == e
    known = [v for v in (*e.free, *positions(e)) if isinstance(v, x.Index | x.Ranking)]
    ranges = [[v for v in known if x.in_range(v, i.size)] for i in over]
    pattern = x.abstract(left, over)
    for values in product(*ranges):
        with suppress(ValueError):  # an order may not be put where a derivative moves it
            if x.instantiate(pattern, values) == e:
                return True
    return False
