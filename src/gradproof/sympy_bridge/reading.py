"""SymPy expressions as gradproof terms.

Contract. What stands there is read and nothing changed: no sum is evaluated, no factor moved, a bound letter never
meets a free one even where SymPy gives them the same name. What is not certainly understood is refused, with the part
named.

Blind spot. What SymPy rewrites while the expression is being built, it has rewritten before it gets here. A SymPy
symbol without assumptions is complex there and real here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import count
from typing import Any

import sympy

from gradproof import expression as x
from gradproof.errors import BadInput
from gradproof.expression import Expr, Interval, Number
from gradproof.sympy_bridge.ranges import LETTERS, Ranges, range_of, size_of

Scope = Mapping[Any, x.Index]  # bound SymPy symbol -> the letter it is read as

FUNCTIONS: Mapping[str, Any] = {
    "exp": sympy.exp,
    "log": sympy.log,
    "tanh": sympy.tanh,
    "abs": sympy.Abs,
    "max": sympy.Max,
    "min": sympy.Min,
}
RELATIONS: Mapping[str, Any] = {
    "=": sympy.Eq,
    "!=": sympy.Ne,
    "<": sympy.Lt,
    "<=": sympy.Le,
    ">": sympy.Gt,
    ">=": sympy.Ge,
}
READABLE = (
    "numbers, symbols, + * ** /, exp, log, tanh, Abs, sqrt, Max, Min, Sum, Product, Indexed, KroneckerDelta, "
    "Derivative, Limit and the relations Eq, Ne, Le, Lt, Ge, Gt"
)


def from_sympy(
    expr: Any, *, domains: Mapping[Any, Interval] | None = None, ranges: Mapping[Any, Any] | None = None
) -> Expr:
    """A gradproof term that says what the SymPy expression says.

    `domains` gives the set of a symbol or of an array's entries, by SymPy object or by name, where SymPy's assumptions
    do not. `ranges` gives the size that a free index runs to, likewise: ranges={"k": K}. Sums run from 1 to a size.
    Raises BadInput for anything that is not certainly understood.
    """
    return read_together((expr,), domains=domains, ranges=ranges)[0]


def read_together(
    exprs: Iterable[Any],
    *,
    domains: Mapping[Any, Interval] | None = None,
    ranges: Mapping[Any, Any] | None = None,
) -> tuple[Expr, ...]:
    """Several expressions that speak of the same things: the range of an index may follow from any of them."""
    terms = [_sympy(e) for e in exprs]
    declared = {str(i): _declared_size(n, str(i)) for i, n in (ranges or {}).items()}
    reader = _Reader(Ranges.infer(terms, declared), {str(s): d for s, d in (domains or {}).items()})
    return tuple(reader.read(t, {}) for t in terms)


def _sympy(e: Any) -> Any:
    if isinstance(e, sympy.Basic | int | float | Fraction):
        return sympy.sympify(e)
    raise BadInput(
        "not a SymPy expression",
        expected="a SymPy expression",
        found=f"{type(e).__name__}: {e!r}",
        advice="text is not evaluated here",
    )


def _declared_size(size: Any, index: str) -> Expr:
    return size if isinstance(size, Expr) else size_of(sympy.sympify(size), f"ranges[{index!r}]")


class _Reader:
    """One reading: the ranges of the whole expression, and which object each name has stood for so far."""

    def __init__(self, ranges: Ranges, domains: Mapping[str, Interval]) -> None:
        self.ranges, self.domains = ranges, domains
        self.seen: dict[str, Any] = dict(ranges.sizes)
        self.fresh = count()

    def read(self, e: Any, scope: Scope) -> Expr:
        for kind, reading in _READINGS:
            if isinstance(e, kind):
                return reading(self, e, scope)
        if isinstance(e, sympy.Basic) and e.func in _NAMES and len(e.args) >= (1 if e.func in _ONE else 2):
            return x.Function(self._all(e, scope), (_NAMES[e.func],))
        raise BadInput(
            f"{type(e).__name__} is not something gradproof reads", where=str(e), expected=READABLE, found=repr(e)
        )

    def _all(self, e: Any, scope: Scope) -> tuple[Expr, ...]:
        return tuple(self.read(a, scope) for a in e.args)

    def _name(self, e: Any, name: str) -> str:
        """The name of a free object; two different objects of one name are refused."""
        if self.seen.setdefault(name, e) != e:
            raise BadInput(
                f"two different things are called {name}",
                found=f"{sympy.srepr(self.seen[name])} and {sympy.srepr(e)}",
                advice="SymPy tells symbols apart by their assumptions too; declare the name once",
            )
        return name

    def product(self, e: Any, scope: Scope) -> Expr:
        """Numerators before denominators, as SymPy prints them: the order it keeps factors in is its own affair."""
        below = [a for a in e.args if isinstance(a, sympy.Pow) and a.exp.could_extract_minus_sign()]
        above = [a for a in e.args if a not in below]
        return x.mul(*(self.read(a, scope) for a in (*above, *below)))

    def number(self, e: Any, _: Scope) -> Expr:
        if isinstance(e, sympy.Float):
            return Number.of(Fraction(str(e)))
        return Number.of(Fraction(int(e.p), int(e.q)))

    def symbol(self, e: Any, scope: Scope) -> Expr:
        if e in scope or self.ranges.is_index(e) or isinstance(e, sympy.Idx):
            raise BadInput(f"index {e} is used as a number", where=str(e), advice="use it only inside [ ] or a delta")
        name = self._name(e, e.name)
        if e.is_real is False:
            raise BadInput(f"{name} is not real", expected="a real symbol", found=sympy.srepr(e))
        return x.Symbol.of(name, self.domains.get(name) or (x.NATURAL if name in self.ranges.sizes else _domain(e)))

    def index(self, e: Any, scope: Scope, size: Expr | None, where: str) -> Expr:
        """An index: bound, free, or a whole number that certainly lies in the range."""
        if e in scope:
            return scope[e]
        if isinstance(e, LETTERS):
            return x.Index.of(self._name(e, str(e)), self.ranges.of_index(e, where))
        fits = isinstance(e, sympy.Integer) and (
            e == 1 or size is None or (isinstance(size, Number) and 1 <= int(e) <= size.value)
        )
        if not fits:
            raise BadInput("an index must be a letter, or a number within its range", where=where, found=str(e))
        return Number.of(int(e))

    def entry(self, e: Any, scope: Scope) -> Expr:
        base, where = e.base, str(e)
        if not isinstance(base, sympy.IndexedBase) or not isinstance(base.label, sympy.Symbol):
            raise BadInput("only a named array can be indexed", where=where, expected="IndexedBase('z')")
        name = self._name(base, str(base.label))
        shape = tuple(self.ranges.of_slot(base, n, where) for n in range(len(e.indices)))
        array = x.Array(name, shape, self.domains.get(name) or _domain(base))
        return array[tuple(self.index(i, scope, n, where) for i, n in zip(e.indices, shape, strict=True))]

    def delta(self, e: Any, scope: Scope) -> Expr:
        return x.Delta(tuple(self.index(i, scope, None, str(e)) for i in e.args[:2]))

    def binder(self, e: Any, scope: Scope) -> Expr:
        """The limits from the last, which is outermost, to the first."""
        kind = x.Sum if isinstance(e, sympy.Sum) else x.Product
        return self._bind(kind, e, list(e.limits), scope)

    def _bind(self, kind: type[x.Binder], e: Any, limits: list[Any], scope: Scope) -> Expr:
        if not limits:
            return self.read(e.function, scope)
        index, size = range_of(limits.pop(), e)
        # No letter that SymPy can write: a free index of the same name must stay free.
        letter = x.Index.of(f"{index}#{next(self.fresh)}", size)
        body = self._bind(kind, e, limits, {**scope, index: letter})
        return kind((size, x.abstract(body, (letter,))), (), str(index))

    def derivative(self, e: Any, scope: Scope) -> Expr:
        body = self.read(e.expr, scope)
        for variable, order in e.variable_count:
            if not isinstance(order, sympy.Integer):
                raise BadInput("the order of a derivative must be a number", where=str(e), found=str(order))
            for _ in range(int(order)):
                body = x.Derivative.of(body, self.read(variable, scope))
        return body

    def limit(self, e: Any, scope: Scope) -> Expr:
        body, symbol, point, side = e.args
        variable, target = self.read(symbol, scope), self.read(point, scope)
        approach = "" if point is sympy.oo or str(side) == "+-" else str(side)
        return x.Limit((self.read(body, scope), target), (variable, approach))


def _domain(e: Any) -> Interval:
    """The set that SymPy's assumptions put a symbol or an array's entries in."""
    whole = bool(e.is_integer)
    zero = Fraction(0)
    if e.is_positive:
        return x.NATURAL if whole else x.POSITIVE
    if e.is_nonnegative:
        return Interval(zero, low_open=False, integer=whole)
    if e.is_negative:
        return Interval(None, zero, integer=whole)
    if e.is_nonpositive:
        return Interval(None, zero, high_open=False, integer=whole)
    return Interval(integer=whole)


_ONE = {sympy.exp, sympy.log, sympy.tanh, sympy.Abs}
_NAMES = {function: name for name, function in FUNCTIONS.items()}
_OPERATORS = {relation: operator for operator, relation in RELATIONS.items()}
_Reading = Callable[[_Reader, Any, Scope], Expr]
_READINGS: tuple[tuple[Any, _Reading], ...] = (
    (sympy.Rational, _Reader.number),
    (sympy.Float, _Reader.number),
    (type(sympy.E), lambda *_: x.Function((Number.of(1),), ("exp",))),
    (type(sympy.pi), lambda *_: x.Constant((), ("pi",))),
    (type(sympy.oo), lambda *_: x.Constant((), ("oo",))),
    (sympy.Indexed, _Reader.entry),
    (LETTERS, _Reader.symbol),
    (sympy.Add, lambda r, e, s: x.add(*r._all(e, s))),
    (sympy.Mul, _Reader.product),
    (sympy.Pow, lambda r, e, s: x.power(*r._all(e, s))),
    (sympy.Sum, _Reader.binder),
    (sympy.Product, _Reader.binder),
    (sympy.KroneckerDelta, _Reader.delta),
    (sympy.Derivative, _Reader.derivative),
    (sympy.Limit, _Reader.limit),
    (tuple(_OPERATORS), lambda r, e, s: x.Relation.of(r.read(e.lhs, s), _OPERATORS[e.func], r.read(e.rhs, s))),
)
