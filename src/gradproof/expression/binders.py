"""Bound indices: the terms that bind one, and how a body is closed and opened. TRUSTED.

Contract. Locally nameless: `Bound(n)` belongs to the n-th binder outwards. `abstract` turns free indices into bound
ones and `instantiate` puts terms in their place, so that neither can capture. What a term moves or binds by name
(`holds`) is never put in through an index: that is refused by ValueError.

Blind spot. The values given to `instantiate` must have no loose bound index of their own; this is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gradproof.expression.core import Expr
from gradproof.expression.symbols import Index, Symbol

if TYPE_CHECKING:
    from gradproof.expression.families import Array


class Bound(Expr):
    """An index bound by the n-th binder around it, counted from the inside, from 0."""

    __slots__ = ()

    def _find_loose(self) -> int:
        return int(self.data[0]) + 1


class Binder(Expr):
    """args = (size, body); the body's `Bound(0)` runs from 1 to size. `hint` is the letter it was written with."""

    __slots__ = ("hint",)
    hint: str

    def __init__(self, args: tuple[Expr, ...], data: tuple[Any, ...] = (), hint: str = "j") -> None:
        object.__setattr__(self, "hint", hint)
        super().__init__(args, data)

    @classmethod
    def over(cls, index: Index, body: Expr) -> Binder:
        """Bind `index` in `body`."""
        return cls((index.size, abstract(body, (index,))), (), index.name)

    def _find_loose(self) -> int:
        return max(self.args[0].loose, self.args[1].loose - 1)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.args, self.data, self.hint)

    def rebuild(self, args: tuple[Expr, ...]) -> Expr:
        return type(self)(args, self.data, self.hint)

    @property
    def size(self) -> Expr:
        return self.args[0]

    def open(self, index: Expr) -> Expr:
        """The body at `index`."""
        return instantiate(self.args[1], (index,))

    def fresh(self, avoid: Iterable[str] = ()) -> Index:
        """An index with the hinted letter, or the next one that is neither free in the body nor in `avoid`."""
        taken = {x.name for x in self.free} | set(avoid)
        return Index.of(fresh_letter(self.hint, taken), self.size)


class Sum(Binder):
    """A finite sum over an index."""

    __slots__ = ()


class Product(Binder):
    """A finite product over an index."""

    __slots__ = ()


class ForAll(Binder):
    """The proposition that the body holds at every index."""

    __slots__ = ()


class Vector(Binder):
    """The family i -> body: a point of an optimum over an array."""

    __slots__ = ()


class Holding(Expr):
    """A term that moves or binds a symbol or an array in its children, by name."""

    __slots__ = ()

    @property
    def held(self) -> Symbol | Array:
        """What it moves or binds: each kind of such a term has to say."""
        raise NotImplementedError(f"{type(self).__name__} does not say what it moves or binds")


def abstract(e: Expr, indices: tuple[Index, ...], depth: int = 0) -> Expr:
    """Turn the n-th of `indices` into `Bound(depth + n)` throughout `e`."""
    if not any(i in e.free for i in indices):
        return e
    if isinstance(e, Index) and e in indices:
        return Bound((), (depth + indices.index(e),))
    return descend(e, lambda a, d: abstract(a, indices, d), depth)


def instantiate(e: Expr, values: tuple[Expr, ...], depth: int = 0) -> Expr:
    """Replace `Bound(depth + n)` by the n-th of `values`, which stand alone (loose == 0)."""
    if e.loose <= depth:
        return e
    if isinstance(e, Bound):
        return values[int(e.data[0]) - depth]
    if (held := holds(e)) is not None and any(held in v.free for v in values):
        raise ValueError(f"an index that depends on {held.name} may not be put where {held.name} moves or is bound")
    return descend(e, lambda a, d: instantiate(a, values, d), depth)


def descend(e: Expr, go: Any, depth: int) -> Expr:
    """Rebuild a term from `go(child, depth)` of its children, one deeper under a binder."""
    if isinstance(e, Binder):
        return e.rebuild((go(e.args[0], depth), go(e.args[1], depth + 1)))
    return e.rebuild(tuple(go(a, depth) for a in e.args))


def holds(e: Expr) -> Symbol | Array | None:
    """What the term moves or binds in its children, by name."""
    return e.held if isinstance(e, Holding) else None


def fresh_letter(hint: str, taken: Iterable[str]) -> str:
    """The hinted letter if it is not taken, else the next index letter, else the letter with primes."""
    used = set(taken)
    row = "ijklmnrsuvabc"
    start = row.find(hint[:1]) + 1
    free = (c for c in (hint, *row[start:], *row[:start]) if c not in used)
    if (letter := next(free, None)) is not None:
        return str(letter)
    primed = hint + "'"
    while primed in used:
        primed += "'"
    return primed
