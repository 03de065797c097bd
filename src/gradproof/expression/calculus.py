"""The terms that move or bind a variable: derivatives, limits, expectations, optima and roots. TRUSTED.

Contract. Each says by `held` which symbol or array it moves or binds in its children; substitution refuses to touch
that. What a limit, an expectation or a root binds is not free in it; what a derivative or an optimum moves is, as its
value depends on the point.

Blind spot. These are terms, not facts: whether the limit exists, the mean is finite or the root is the only one is a
question of definedness (`gradproof.signs`), and what an optimum claims has to be proved.
"""

from __future__ import annotations

from typing import Any

from gradproof.expression.binders import Holding
from gradproof.expression.core import Expr
from gradproof.expression.families import Array, Entry
from gradproof.expression.laws import Law
from gradproof.expression.symbols import Symbol
from gradproof.expression.traversal import substitute


class Derivative(Holding):
    """args = (body, variable): the partial derivative at the current point; in z[k] it moves all of z."""

    __slots__ = ()

    @classmethod
    def of(cls, body: Expr, variable: Expr) -> Derivative:
        if not isinstance(variable, Symbol) and not (isinstance(variable, Entry) and isinstance(variable.base, Array)):
            raise ValueError(f"a derivative is taken in a symbol or an entry of an array, not in {variable!r}")
        if isinstance(variable, Entry) and any(variable.base in a.free for a in variable.args):
            raise ValueError(f"which entry {variable!r} is may not depend on the array that is moved")
        return cls((body, variable))

    @property
    def moved(self) -> Symbol | Array:
        """What the derivative sets moving: for an entry z[k], the whole array z."""
        return moved(self.args[1])

    @property
    def held(self) -> Symbol | Array:
        return self.moved


class Limit(Holding):
    """args = (body, point), data = (symbol, side): the limit of body as symbol tends to point ("+" from above)."""

    __slots__ = ()

    def _find_free(self) -> frozenset[Any]:
        return (self.args[0].free - {self.data[0]}) | self.args[1].free

    @property
    def held(self) -> Symbol | Array:
        return self.data[0]  # type: ignore[no-any-return]


class Expectation(Holding):
    """args = (body, *parameters), data = (symbol, name): the mean of body where the symbol follows the named law.

    The symbol is bound in the body, not in the parameters.
    """

    __slots__ = ()

    @classmethod
    def of(cls, body: Expr, symbol: Symbol, law: Law) -> Expectation:
        if symbol.domain != law.family.support:
            raise ValueError(f"{symbol.name} must be declared with the support of {law.name}: {law.family.support}")
        return cls((body, *law.parameters), (symbol, law.name))

    def _find_free(self) -> frozenset[Any]:
        return (self.args[0].free - {self.data[0]}).union(*(a.free for a in self.args[1:]))

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def symbol(self) -> Symbol:
        return self.data[0]  # type: ignore[no-any-return]

    @property
    def held(self) -> Symbol:
        return self.symbol

    @property
    def law(self) -> Law:
        return Law(self.data[1], self.args[1:])


class Optimum(Holding):
    """args = (objective, point), data = (kind, variable): `point` is the only minimiser or maximiser."""

    __slots__ = ()

    @property
    def held(self) -> Symbol | Array:
        return self.data[1]  # type: ignore[no-any-return]


class Root(Holding):
    """args = (left, right), data = (symbol,): the only value in the symbol's domain at which left = right."""

    __slots__ = ()

    @classmethod
    def of(cls, left: Expr, right: Expr, unknown: Symbol) -> Root:
        if unknown not in left.free:
            raise ValueError(f"the left side of the equation of a root must depend on the unknown {unknown.name}")
        return cls((left, right), (unknown,))

    def _find_free(self) -> frozenset[Any]:
        return super()._find_free() - {self.data[0]}

    @property
    def unknown(self) -> Symbol:
        return self.data[0]  # type: ignore[no-any-return]

    @property
    def held(self) -> Symbol:
        return self.unknown

    def at(self, value: Expr, side: int) -> Expr:
        """One side of the equation, 0 or 1, with a value in the place of the unknown."""
        return substitute(self.args[side], self.unknown, value)


def moved(variable: Expr) -> Symbol | Array:
    """The symbol, or the whole array of an entry, that a derivative in `variable` moves."""
    if isinstance(variable, Entry) and isinstance(variable.base, Array):
        return variable.base
    if isinstance(variable, Symbol):
        return variable
    raise ValueError(f"not a variable: {variable!r}")
