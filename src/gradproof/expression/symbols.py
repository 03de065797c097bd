"""Symbols, indices and functions: the terms that name one thing. TRUSTED.

Contract. A symbol carries its domain and an index its size, so two of one name and another domain are not equal. An
unknown function is declared with an open domain and so many derivatives, and no derivative beyond them can be written.

Blind spot. Nothing here knows what exp is: the name of a function is a word, to which `signs`, `rules` and `normal`
each give its meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gradproof.expression.core import Expr, Scalar, coerce
from gradproof.expression.domains import REAL, Interval


class Constant(Expr):
    """`pi`, or `oo`, which only a limit may approach."""

    __slots__ = ()


class Symbol(Expr):
    """A real scalar that varies over `domain`; sizes are symbols over the natural numbers."""

    __slots__ = ()

    @classmethod
    def of(cls, name: str, domain: Interval = REAL) -> Symbol:
        return cls((), (name, domain))

    def _find_free(self) -> frozenset[Any]:
        return frozenset((self,))

    @property
    def name(self) -> str:
        return self.data[0]  # type: ignore[no-any-return]

    @property
    def domain(self) -> Interval:
        return self.data[1]  # type: ignore[no-any-return]


class Index(Expr):
    """A free index: some whole number from 1 to `size`."""

    __slots__ = ()

    @classmethod
    def of(cls, name: str, size: Expr) -> Index:
        return cls((size,), (name,))

    def _find_free(self) -> frozenset[Any]:
        return self.args[0].free | {self}

    @property
    def name(self) -> str:
        return self.data[0]  # type: ignore[no-any-return]

    @property
    def size(self) -> Expr:
        return self.args[0]


class Function(Expr):
    """A named function of real arguments: exp, log, sigmoid, ... ; data = (name,)."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return self.data[0]  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Unknown:
    """A function of one real variable of which only this is known: it is defined on an open interval, and there it has
    derivatives up to an order."""

    name: str
    domain: Interval = REAL
    orders: int = 1

    def __post_init__(self) -> None:
        d = self.domain
        if d.integer or not (d.low is None or d.low_open) or not (d.high is None or d.high_open):
            raise ValueError(f"the domain of {self.name} must be an open interval")
        if self.orders < 0:
            raise ValueError(f"{self.name} cannot have {self.orders} derivatives")

    def __call__(self, argument: Scalar) -> Expr:
        return Application.of(self, 0, coerce(argument))

    def derivative(self, argument: Scalar, order: int = 1) -> Expr:
        return Application.of(self, order, coerce(argument))


class Application(Expr):
    """An unknown function, or a derivative of it, at a point: args = (point,), data = (function, order)."""

    __slots__ = ()

    @classmethod
    def of(cls, function: Unknown, order: int, point: Expr) -> Application:
        if not 0 <= order <= function.orders:
            raise ValueError(f"nothing says that {function.name} has {order} derivatives")
        return cls((point,), (function, order))

    def _find_free(self) -> frozenset[Any]:
        return self.args[0].free | {self.data[0]}

    @property
    def function(self) -> Unknown:
        return self.data[0]  # type: ignore[no-any-return]

    @property
    def order(self) -> int:
        return self.data[1]  # type: ignore[no-any-return]


class Delta(Expr):
    """The Kronecker delta of two indices: 1 where they are equal, else 0."""

    __slots__ = ()
