"""Bounds of terms from the declared domains, and whether a term is defined. TRUSTED.

Contract. `Signs.interval(e)` contains every value that `e` takes where the symbols are in their domains, the sizes are
at least 1 and the givens of the form "term < number" hold. `Signs.undefined(e)` is None only where every denominator in
`e` is known to be nonzero and every logarithm and root to have an argument in its domain.

Blind spot. Interval arithmetic knows nothing of dependence, beyond "a positive part over its whole is at most 1": x - x
is any real to it. It answers "not known" far more often than a person would.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from gradproof.derivation import Given
from gradproof.expression import (
    REAL,
    UNIT,
    Add,
    Array,
    Binder,
    Constant,
    Definition,
    Delta,
    Derivative,
    Entry,
    Expr,
    Function,
    Index,
    Interval,
    Mul,
    Number,
    Pow,
    Product,
    Relation,
    Sum,
    Symbol,
    add,
    mul,
)

ZERO, ONE = Fraction(0), Fraction(1)
POSITIVE = Interval(ZERO)
AT_MOST_ONE = Interval(ZERO, ONE, True, False)
BOUNDED_FUNCTIONS = {
    "sigmoid": UNIT,
    "softplus": POSITIVE,
    "tanh": Interval(-ONE, ONE),
    "abs": Interval(ZERO, None, False),
}
# Increasing functions through a known point: the sign of f(x) - f(x0) is the sign of x - x0.
INCREASING = {
    "exp": (ZERO, ONE, ZERO),
    "log": (ONE, ZERO, None),
    "log1p": (ZERO, ZERO, None),
    "expm1": (ZERO, ZERO, -ONE),
}


def negate(a: Interval) -> Interval:
    return Interval(None if a.high is None else -a.high, None if a.low is None else -a.low, a.high_open, a.low_open)


def plus(a: Interval, b: Interval) -> Interval:
    low = None if a.low is None or b.low is None else a.low + b.low
    high = None if a.high is None or b.high is None else a.high + b.high
    return Interval(low, high, a.low_open or b.low_open, a.high_open or b.high_open)


def is_nonnegative(a: Interval) -> bool:
    return a.low is not None and a.low >= 0


def is_positive(a: Interval) -> bool:
    return a.low is not None and (a.low > 0 or (a.low == 0 and a.low_open))


def times(a: Interval, b: Interval) -> Interval:
    if not is_nonnegative(a):
        return negate(times(negate(a), b)) if is_nonnegative(negate(a)) else _mixed(a, b)
    if not is_nonnegative(b):
        return negate(times(a, negate(b))) if is_nonnegative(negate(b)) else _mixed(a, b)
    assert a.low is not None and b.low is not None
    low = a.low * b.low
    reaches = any(x.low == 0 and not x.low_open for x in (a, b)) if low == 0 else not (a.low_open or b.low_open)
    high = None if a.high is None or b.high is None else a.high * b.high
    return Interval(low, high, not reaches, a.high_open or b.high_open)


def _mixed(a: Interval, b: Interval) -> Interval:
    ends = (a.low, a.high, b.low, b.high)
    if any(e is None for e in ends):
        return REAL
    corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]  # type: ignore[operator]
    return Interval(min(corners), max(corners), False, False)


def inverse(a: Interval) -> Interval:
    if not is_positive(a):
        return negate(inverse(negate(a))) if is_positive(negate(a)) else REAL
    assert a.low is not None
    low = ZERO if a.high is None else 1 / a.high
    return Interval(low, 1 / a.low if a.low else None, a.high is None or a.high_open, a.low_open)


def meet(a: Interval, b: Interval) -> Interval:
    """The smaller of two intervals that both hold."""
    low, low_open = max(((x.low, x.low_open) for x in (a, b) if x.low is not None), default=(None, True))
    highs = [(x.high, not x.high_open) for x in (a, b) if x.high is not None]
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


class Signs:
    """Bounds under a list of givens; `moving` holds what a derivative moves, for which only open conditions count."""

    def __init__(self, givens: Iterable[Given] = (), moving: frozenset[Symbol | Array] = frozenset()) -> None:
        self.givens = tuple(givens)
        self.moving = moving
        self._known: dict[Expr, Interval] = {}
        self._defined: dict[Expr, str | None] = {}
        self._below: dict[Symbol | Array, Signs] = {}
        for g in self.givens:
            self._learn(g)
        self._facts = dict(self._known)

    def _learn(self, g: Given) -> None:
        left, right = (*g.relation.args, None)[:2]
        if g.over or g.apart or not isinstance(left, Expr) or not isinstance(right, Number) or self.moving & left.free:
            return
        open_, bound = g.relation.operator in "<>", right.value
        found = Interval(bound, None, open_) if ">" in g.relation.operator else Interval(None, bound, True, open_)
        if g.relation.operator in ("<", "<=", ">", ">="):
            self._known[left] = meet(self._known.get(left, REAL), found)

    def under(self, moved: Symbol | Array) -> Signs:
        """The bounds that hold in a neighbourhood, where `moved` moves."""
        if moved in self.moving:
            return self
        if moved not in self._below:
            self._below[moved] = Signs(self.givens, self.moving | {moved})
        return self._below[moved]

    def positive(self, e: Expr) -> bool:
        return is_positive(self.interval(e))

    def nonnegative(self, e: Expr) -> bool:
        return is_nonnegative(self.interval(e))

    def nonzero(self, e: Expr) -> bool:
        a = self.interval(e)
        return is_positive(a) or is_positive(negate(a))

    def holds(self, relation: Expr) -> bool:
        """Whether a relation between numbers follows from the bounds."""
        if not isinstance(relation, Relation) or relation.operator not in ("<", "<=", ">", ">=", "!="):
            return False
        left, right = relation.args
        gap = plus(self.interval(left), negate(self.interval(right)))
        gap = negate(gap) if "<" in relation.operator else gap
        if relation.operator == "!=":
            return is_positive(gap) or is_positive(negate(gap))
        return is_positive(gap) if relation.operator in "<>" else is_nonnegative(gap)

    def interval(self, e: Expr) -> Interval:
        found = self._known.get(e)
        if found is None or e in self._facts:
            found = meet(self._compute(e), self._facts.get(e, REAL))
            self._known[e] = found
        return found

    def _compute(self, e: Expr) -> Interval:
        match e:
            case Number():
                return Interval(e.value, e.value, False, False)
            case Constant():
                return Interval(Fraction(3), Fraction(4)) if e.data[0] == "pi" else REAL
            case Symbol():
                return self._domain(e, e.domain)
            case Entry():
                if isinstance(e.base, Definition):
                    return self.interval(e.base.unfold(e.args))
                return self._domain(e.base, e.base.domain)
            case Index():
                return Interval(ONE, None, False)
            case Delta():
                return Interval(ZERO, ONE, False, False)
            case Add():
                total = self.interval(e.args[0])
                for a in e.args[1:]:
                    total = plus(total, self.interval(a))
                return meet(total, self._mixture(e))
            case Mul():
                return self._product(e)
            case Pow():
                return self._power(*e.args)
            case Function():
                return self._function(e)
            case Sum() | Product():
                return self._binder(e)
        return REAL

    def _domain(self, name: Symbol | Array, domain: Interval) -> Interval:
        if name not in self.moving:
            return domain
        low, high = (
            (None if domain.low_open is False else domain.low),
            (None if domain.high_open is False else domain.high),
        )
        return Interval(low, high)

    def _product(self, e: Mul) -> Interval:
        total = Interval(ONE, ONE, False, False)
        for a in e.args:
            total = times(total, self.interval(a))
        return meet(total, self._part_of_whole(e))

    def _mixture(self, e: Add) -> Interval:
        """w a + (1 - w) b with 0 <= w <= 1 lies between a and b."""
        if len(e.args) != 2:
            return REAL
        for first, second in (e.args, e.args[::-1]):
            for n, rest in enumerate(second.args if isinstance(second, Mul) else ()):
                w = add(Number.of(1), -rest)
                if isinstance(w, Add) and len(w.args) == 3:  # 1 - (1 - w)
                    w = add(*(-t for t in rest.args[1:])) if rest.args[0] == Number.of(1) else w
                parts = first.args if isinstance(first, Mul) else (first,)
                if w not in parts or not contains(Interval(ZERO, ONE, False, False), self.interval(w)):
                    continue
                a, b = list(parts), list(second.args)
                a.remove(w)
                return hull(self.interval(mul(*a)), self.interval(mul(*b[:n], *b[n + 1 :])))
        return REAL

    def _part_of_whole(self, e: Mul) -> Interval:
        """t_i / sum_j t_j and t / (t + u) are at most 1 where the parts are positive."""
        for n, a in enumerate(e.args):
            if not (isinstance(a, Pow) and a.args[1] == Number.of(-1)):
                continue
            whole, part = a.args[0], mul(*e.args[:n], *e.args[n + 1 :])
            if isinstance(whole, Entry) and isinstance(whole.base, Definition):
                whole = whole.base.unfold(whole.args)
            if isinstance(whole, Add) and part in whole.args and all(self.positive(t) for t in whole.args):
                return UNIT
            if isinstance(whole, Sum) and self.positive(whole.open(whole.fresh())):
                indices = [i for i in part.free if isinstance(i, Index) and i.size == whole.size]
                if any(whole.open(i) == part for i in indices):
                    return AT_MOST_ONE
        return REAL

    def _power(self, base: Expr, exponent: Expr) -> Interval:
        a = self.interval(base)
        if isinstance(exponent, Number) and exponent.value.denominator == 1:
            n = int(exponent.value)
            total = Interval(ONE, ONE, False, False)
            for _ in range(min(abs(n), 8)):
                total = times(total, a)
            if n % 2 == 0:
                total = meet(total, Interval(ZERO, None, self.nonzero(base)))
            elif abs(n) > 8:
                total = POSITIVE if is_positive(a) else REAL
            return inverse(total) if n < 0 else total
        if is_positive(a):
            return POSITIVE
        root = isinstance(exponent, Number) and exponent.value > 0
        return Interval(ZERO, None, False) if root and is_nonnegative(a) else REAL

    def _function(self, e: Function) -> Interval:
        known = BOUNDED_FUNCTIONS.get(e.name, REAL)
        if e.name in INCREASING and len(e.args) == 1:
            at, value, floor = INCREASING[e.name]
            a = self.interval(e.args[0])
            if a.low is not None and a.low >= at:
                return Interval(value, None, (a.low == at and a.low_open) or a.low > at)
            high = a.high is not None and a.high <= at
            return Interval(floor, value if high else None, True, high and (a.high_open or a.high != at))
        return known

    def _binder(self, e: Binder) -> Interval:
        index = e.fresh()
        body = e.open(index)
        if isinstance(e, Sum) and isinstance(body, Delta) and index in body.args:
            other = body.args[1] if body.args[0] == index else body.args[0]
            if isinstance(other, Index) and other.size == e.size:  # one term is 1, the others are 0
                return Interval(ONE, ONE, False, False)
        a = self.interval(body)
        if isinstance(e, Product):
            return POSITIVE if is_positive(a) else Interval(ZERO, None, False) if is_nonnegative(a) else REAL
        if is_nonnegative(a):
            return Interval(a.low, None, a.low_open)
        return negate(Interval(negate(a).low, None, a.high_open)) if is_nonnegative(negate(a)) else REAL

    def undefined(self, e: Expr) -> str | None:
        """None where the term is known to be defined, else the condition that is missing, in words."""
        if e not in self._defined:
            self._defined[e] = self._missing(e)
        return self._defined[e]

    def _missing(self, e: Expr) -> str | None:
        if isinstance(e, Binder):
            return self.undefined(e.open(e.fresh()))
        if isinstance(e, Derivative):
            return self.under(e.moved).undefined(e.args[0])
        if isinstance(e, Entry) and isinstance(e.base, Definition):
            return self.undefined(e.base.unfold(e.args))
        for a in e.args:
            if missing := self.undefined(a):
                return missing
        return self._missing_here(e)

    def _missing_here(self, e: Expr) -> str | None:
        if isinstance(e, Pow):
            base, exponent = e.args
            whole = isinstance(exponent, Number) and exponent.value.denominator == 1
            if whole and exponent.value > 0:  # type: ignore[attr-defined]
                return None
            if whole:
                return None if self.nonzero(base) else f"a denominator that must not be 0: {base!r}"
            if isinstance(exponent, Number) and exponent.value > 0 and self.nonnegative(base):
                return None
            return None if self.positive(base) else f"a base that must be > 0: {base!r}"
        if isinstance(e, Function) and e.name in ("log", "log1p"):
            a = self.interval(e.args[0])
            inside = a if e.name == "log" else plus(a, Interval(ONE, ONE, False, False))
            return None if is_positive(inside) else f"the argument of a logarithm, which must be > 0: {e.args[0]!r}"
        return None
