"""Bounds of terms from the declared domains, and whether a term is defined. TRUSTED.

Contract. `Signs.interval(e)` contains every value that `e` takes where the symbols are in their domains, the sizes are
at least 1 and the givens of the form "term < number" hold. `Signs.undefined(e)` is None only where every denominator in
`e` is known to be nonzero and every logarithm and root to have an argument in its domain.

Blind spot. Interval arithmetic knows nothing of dependence, beyond "a positive part over its whole is at most 1": x - x
is any real to it. It answers "not known" far more often than a person would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import product

import gradproof.expression as x
from gradproof import definiteness
from gradproof.derivation import Given
from gradproof.expression import POSITIVE, REAL, UNIT, Array, Expr, Interval, Symbol, add, mul
from gradproof.expression.intervals import (
    ONE,
    ZERO,
    contains,
    hull,
    inverse,
    is_empty,
    is_nonnegative,
    is_positive,
    meet,
    negate,
    plus,
    times,
    whole_power,
)
from gradproof.growth import integrable
from gradproof.monotone import Monotone, excess, supported

AT_MOST_ONE = Interval(ZERO, ONE, True, False)
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


@lru_cache(maxsize=10_000)
def positions(e: Expr) -> tuple[x.Ranking, ...]:
    """The places in an order at which the entries of the term stand."""
    return tuple({t for t in x.subterms(e) if isinstance(t, x.Ranking) and not t.loose})


def everything(e: Expr) -> Iterator[Expr]:
    """The subterms of a term and of the definitions that it rests on."""
    for part in (e, *(d.body for d in x.definitions(e))):
        yield from x.subterms(part)


def _last(e: Expr) -> bool:
    """Whether the term is the last derivative that an unknown function has, or such a function without one."""
    return isinstance(e, x.Application) and e.order == e.function.orders


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


def numeric(e: Expr) -> tuple[Fraction, Expr]:
    """The number in front of a product, and the rest."""
    if isinstance(e, x.Mul) and isinstance(e.args[0], x.Number):
        return e.args[0].value, mul(*e.args[1:])
    return Fraction(1), e


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
        moving: frozenset[Symbol | Array] = frozenset(),
        limits: frozenset[tuple[Symbol | Array, Expr]] = frozenset(),
        proved: tuple[Given, ...] = (),
        bound: frozenset[Symbol | Array] = frozenset(),
    ) -> None:
        self.givens = tuple(givens)
        self.proved = proved
        self.moving = moving
        self.limits = limits
        self.bound = bound
        self._facts: list[tuple[Expr, tuple[x.Index, ...], Interval]] = []
        self._nonzero: list[tuple[Expr, tuple[x.Index, ...]]] = []
        self._mentioned = {s.name for g in (*self.givens, *proved) for s in g.relation.free}
        for g in self.givens:
            self._learn(g)
        for g in proved:
            if self.moving.isdisjoint(g.relation.free):
                self._learn(g)
        for name, point in limits:
            if isinstance(name, Symbol) and isinstance(point, x.Number) and name not in bound:
                self._nonzero += [(name - point, ()), (point - name, ())]
        lefts = [f[0] for f in self._facts] + [f[0] for f in self._nonzero]
        self._mentioned = {s.name for left in lefts for s in left.free}
        self._known: dict[Expr, Interval] = {}
        self._defined: dict[Expr, str | None] = {}
        self._below: dict[tuple[Symbol | Array, Expr | None], Signs] = {}
        self._inside: dict[Symbol, Signs] = {}

    def _learn(self, g: Given) -> None:
        """Take note of a given of the form: term, comparison, number, at all values of its indices."""
        left, right = g.relation.args
        operator = g.relation.operator
        open_ = operator in ("<", ">", "!=") and x.continuous(left, self.moving)
        lost = self.bound.union((name for name, _ in self.limits) if open_ else self.moving)
        if g.apart or not isinstance(right, x.Number) or not lost.isdisjoint(left.free):
            return
        if operator == "!=" and right.value == 0:
            self._nonzero.append((left, g.over))
        elif operator in ("<", "<=", ">", ">="):
            strict, bound = operator in "<>", right.value
            found = Interval(bound, None, strict) if ">" in operator else Interval(None, bound, True, strict)
            self._facts.append((left, g.over, found))

    def stays(self, relation: x.Relation) -> bool:
        """Whether the relation, where it holds, holds in a neighbourhood of what a derivative moves."""
        strict = relation.operator in ("<", ">", "!=")
        return strict and not self.limits and x.continuous(relation, self.moving)

    def _given(self, e: Expr) -> Interval:
        """What the givens say of this very term."""
        found = REAL
        for left, over, interval in self._facts:
            if instance(left, over, e):
                found = meet(found, interval)
        return found

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
        if any(instance(left, over, e) or instance(left, over, -e) for left, over in self._nonzero):
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
        index = e.fresh(self._mentioned)
        return index, e.open(index)

    def interval(self, e: Expr) -> Interval:
        if e not in self._known:
            self._known[e] = meet(self._compute(e), self._given(e))
        return self._known[e]

    def _compute(self, e: Expr) -> Interval:
        match e:
            case x.Add():
                total = self.interval(e.args[0])
                for a in e.args[1:]:
                    total = plus(total, self.interval(a))
                known = Interval(x.least(e), x.greatest(e), False, False)
                return meet(meet(meet(total, self._mixture(e)), known), excess(e))
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
        return meet(total, self._part_of_whole(e))

    def _mixture(self, e: x.Add) -> Interval:
        """w a + (1 - w) b with 0 <= w <= 1 lies between a and b."""
        if len(e.args) != 2:
            return REAL
        for first, second in (e.args, e.args[::-1]):
            for n, rest in enumerate(second.args if isinstance(second, x.Mul) else ()):
                w = add(x.Number.of(1), -rest)
                parts = first.args if isinstance(first, x.Mul) else (first,)
                if w not in parts or not contains(Interval(ZERO, ONE, False, False), self.interval(w)):
                    continue
                a, b = list(parts), list(second.args)
                a.remove(w)
                return hull(self.interval(mul(*a)), self.interval(mul(*b[:n], *b[n + 1 :])))
        return REAL

    def _part_of_whole(self, e: x.Mul) -> Interval:
        """t_i / sum_j t_j and t / (t + u) are at most 1 where the parts are positive; so are multiples of them."""
        for n, a in enumerate(e.args):
            if not (isinstance(a, x.Pow) and a.args[1] == x.Number.of(-1)):
                continue
            whole = a.args[0]
            if isinstance(whole, x.Entry) and isinstance(whole.base, x.Definition):
                whole = whole.base.unfold(whole.args)
            above, part = numeric(mul(*e.args[:n], *e.args[n + 1 :]))
            below, whole = numeric(whole)
            share = self._share(part, whole)
            if share is not None and below != 0:
                return times(Interval(above / below, above / below, False, False), share)
        return REAL

    def _share(self, part: Expr, whole: Expr) -> Interval | None:
        if isinstance(whole, x.Add) and part in whole.args and all(self.positive(t) for t in whole.args):
            return UNIT
        if isinstance(whole, x.Sum) and self.positive(self.opened(whole)[1]):
            indices = [i for i in part.free if isinstance(i, x.Index) and i.size == whole.size]
            if any(whole.open(i) == part for i in indices):
                return AT_MOST_ONE
        return None

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
            return POSITIVE if found else self._largest_term(e, index, body)
        return negate(Interval(negate(a).low, None, a.high_open)) if is_nonnegative(negate(a)) else REAL

    def _largest_term(self, e: x.Binder, index: x.Index, body: Expr) -> Interval:
        """A sum of nonnegative terms is at least each of them: sum_j [j <= i] e^{z_j} >= e^{z_i} > 0."""
        found = self.interval(body)
        free = [i for i in body.free if isinstance(i, x.Index) and i != index]
        for at in (*sorted(free, key=lambda i: i.key), e.size, x.Number.of(1)):
            if not is_positive(found) and x.in_range(at, e.size):
                found = meet(found, replace(self.interval(e.open(at)), high=None))
        return Interval(found.low, None, found.low_open)

    def undefined(self, e: Expr) -> str | None:
        """None where the term is known to be defined, else the condition that is missing, in words."""
        if e not in self._defined:
            self._defined[e] = self._missing(e)
        return self._defined[e]

    def _missing(self, e: Expr) -> str | None:
        if isinstance(e, x.Binder):
            return self._missing_here(e) or self.undefined(self.opened(e)[1])
        if isinstance(e, x.Root):
            return self._unsolved(e)
        for n, a in enumerate(e.args[:1] if isinstance(e, x.Limit) else e.args):  # a limit may approach infinity
            if missing := self.within(e, n).undefined(a):
                return missing
        if isinstance(e, x.Ranking) and not x.in_range(e, e.family.size):
            return f"a rank {e!r} whose index is not known to be in range"
        if isinstance(e, x.Entry) and (outside := x.out_of_range(e)):
            return f"the entry {e!r}, whose index {outside[0]!r} is not known to lie in 1..{outside[1]!r}"
        if isinstance(e, x.Entry) and isinstance(e.base, x.Definition):
            return self.undefined(e.base.unfold(e.args))
        return self._missing_of_matrix(e) if isinstance(e, x.OfMatrix) else self._missing_here(e)

    def _missing_of_matrix(self, e: x.OfMatrix) -> str | None:
        """All its entries, and for its inverse a determinant that is not 0."""
        if outside := x.out_of_range(e):
            return f"the entry {e!r}, whose index {outside[0]!r} is not known to lie in 1..{outside[1]!r}"
        taken = self._mentioned | x.names(e)
        row = x.fresh_letter("i", taken)
        anywhere = (x.Index.of(c, e.base.shape[0]) for c in (row, x.fresh_letter("j", taken | {row})))
        if missing := self.undefined(e.base[tuple(anywhere)]):
            return missing
        if e.kind == "inverse" and not self.nonzero(x.OfMatrix.of("det", e.base)):
            return f"the inverse of {e.base.name}, whose determinant must not be 0"
        return None

    def _unsolved(self, e: x.Root) -> str | None:
        """The unknown is bound: what is said of a symbol of its name elsewhere is not said of it."""
        if e.unknown in self.moving or any(e.unknown in g.relation.free for g in self.givens):
            return f"a root whose unknown {e.unknown.name} is not used elsewhere"
        return Monotone(self, e.unknown).unsolved(e)

    def _missing_here(self, e: Expr) -> str | None:
        """What this node needs, its children being defined."""
        if isinstance(e, x.Binder | x.Index) and not x.is_size(e.size):
            return f"an index must run over a whole number >= 1, not over {e.size!r}"
        if isinstance(e, x.Derivative) and e.moved.domain.integer:
            return f"a derivative in {e.moved.name}, which takes whole numbers only"
        if isinstance(e, x.Derivative):
            rough = next((t for t in everything(e.args[0]) if _last(t) and e.moved in t.free), None)
            return None if rough is None else f"a derivative of {rough!r}, which need not have one"
        if isinstance(e, x.Constant) and e.data[0] == "oo":
            return "infinity is no number"
        if isinstance(e, x.Expectation):
            return self._missing_of_law(e)
        name = e.base if isinstance(e, x.Entry) else e
        if isinstance(name, Symbol | Array) and is_empty(name.domain):
            return f"a value of {name.name}, whose domain is empty"
        if isinstance(e, x.Function) and e.name in ("log", "log1p", "lgamma"):
            a = self.interval(e.args[0])
            inside = a if e.name != "log1p" else plus(a, Interval(ONE, ONE, False, False))
            return None if is_positive(inside) else f"the argument of a logarithm, which must be > 0: {e.args[0]!r}"
        if isinstance(e, x.Function) and e.name == "relentr":
            first, second = e.args
            known = self.nonnegative(first) and self.positive(second)
            return None if known else f"a relative entropy of {first!r}, which must be >= 0, to {second!r}, > 0"
        if isinstance(e, x.Application) and not contains(e.function.domain, self.interval(e.args[0])):
            return f"the argument of {e.function.name}, which must lie in its domain: {e.args[0]!r}"
        return self._missing_of_power(*e.args) if isinstance(e, x.Pow) else None

    def _missing_of_power(self, base: Expr, exponent: Expr) -> str | None:
        n = exponent.value if isinstance(exponent, x.Number) else None
        if n is not None and n.denominator == 1:
            return None if n > 0 or self.nonzero(base) else f"a denominator that must not be 0: {base!r}"
        root = n is not None and n > 0 and self.nonnegative(base)
        return None if root or self.positive(base) else f"a base that must be > 0: {base!r}"

    def _missing_of_law(self, e: x.Expectation) -> str | None:
        family = e.law.family
        for name, a, domain in zip(("first", "second"), e.args[1:], family.parameters, strict=False):
            if not contains(domain, self.interval(a)):
                return f"the {name} parameter of {e.law.name}: {a!r}"
        if e.symbol.domain != family.support:
            return f"the variable {e.symbol.name}, whose domain is not the support of {e.law.name}"
        known = integrable(e, self.within(e, 0))
        return None if known else f"an expectation, whose integrand must be known to have a mean: {e!r}"
