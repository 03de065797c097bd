"""Symbols, indices, arrays, definitions, binders, derivatives, limits, optima, roots, ranks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from gradproof.expression.core import Expr, Scalar, coerce
from gradproof.expression.domains import REAL, Interval
from gradproof.expression.laws import Law


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


class Bound(Expr):
    """An index bound by the n-th binder around it, counted from the inside, from 0."""

    __slots__ = ()

    def _find_loose(self) -> int:
        return int(self.data[0]) + 1


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


@dataclass(frozen=True)
class Array:
    """A family of numbers in `domain`, or of indices, with one index for each size in `shape`."""

    name: str
    shape: tuple[Expr, ...]
    domain: Interval = REAL
    into: Expr | None = None  # where the entries are indices (class labels): the size that they index

    def __getitem__(self, index: Expr | int | tuple[Expr | int, ...]) -> Entry:
        return Entry.of(self, index if isinstance(index, tuple) else (index,))


@dataclass(frozen=True)
class Definition:
    """name[i, ...] := body; the parameters are `Bound(0), Bound(1), ...` in the body."""

    name: str
    shape: tuple[Expr, ...]
    body: Expr
    letters: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        loose = sorted(f.name for f in self.body.free if isinstance(f, Index))
        if loose or self.body.loose > len(self.shape):
            raise ValueError(f"the definition of {self.name} depends on {', '.join(loose)}: make it a parameter")

    def __getitem__(self, index: Expr | int | tuple[Expr | int, ...]) -> Entry:
        return Entry.of(self, index if isinstance(index, tuple) else (index,))

    def unfold(self, indices: tuple[Expr, ...]) -> Expr:
        """The body at these indices."""
        return instantiate(self.body, indices)

    def parameters(self) -> tuple[Index, ...]:
        """The letters the definition was written with."""
        letters = self.letters or tuple("ijklmn"[: len(self.shape)])
        return tuple(Index.of(a, n) for a, n in zip(letters, self.shape, strict=True))


class Entry(Expr):
    """An entry of an array or of a defined family: z[k], p[i], or a defined scalar S."""

    __slots__ = ()

    @classmethod
    def of(cls, base: Array | Definition, indices: tuple[Expr | int, ...]) -> Entry:
        from gradproof.expression.sizes import in_range

        if len(indices) != len(base.shape):
            raise ValueError(f"{base.name} takes {len(base.shape)} indices, found {len(indices)}")
        found = tuple(coerce(i) for i in indices)
        for i, size in zip(found, base.shape, strict=True):
            if isinstance(i, Index) and i.size != size and not in_range(i, size):
                raise ValueError(f"index {i.name} of {base.name} runs over another range than {base.name} has there")
        return cls(found, (base,))

    def _find_free(self) -> frozenset[Any]:
        base = self.data[0]
        own = base.body.free if isinstance(base, Definition) else frozenset((base,))
        return own.union(*(a.free for a in self.args))

    @property
    def base(self) -> Array | Definition:
        return self.data[0]  # type: ignore[no-any-return]


class OfMatrix(Expr):
    """A number made of all entries of a square matrix M: data = (kind, M), where M is an array or a definition.

    Kinds: "inverse", with args = (i, j): an entry of the inverse; "det": the determinant; "least eigenvalue": that of
    the symmetric part of M, which is the least of x^T M x for |x| = 1. It is > 0 just where M is positive definite,
    be M symmetric or not; such matrices are an open set, and their determinant is > 0.
    """

    __slots__ = ()
    INDICES: ClassVar[dict[str, int]] = {"inverse": 2, "det": 0, "least eigenvalue": 0}

    @classmethod
    def of(cls, kind: str, matrix: Array | Definition, indices: tuple[Expr | int, ...] = ()) -> OfMatrix:
        if not isinstance(matrix, Array | Definition) or len(matrix.shape) != 2 or len(set(matrix.shape)) != 1:
            raise ValueError(f"a matrix with as many rows as columns is needed, not {matrix!r}")
        if cls.INDICES.get(kind) != len(indices):
            raise ValueError(f"{kind!r} of a matrix does not take {len(indices)} indices")
        return cls(Entry.of(matrix, indices).args if indices else (), (kind, matrix))

    def _find_free(self) -> frozenset[Any]:
        base = self.base
        own = base.body.free if isinstance(base, Definition) else frozenset((base,))
        return own.union(*(a.free for a in (*self.args, *base.shape)))

    @property
    def kind(self) -> str:
        return self.data[0]  # type: ignore[no-any-return]

    @property
    def base(self) -> Array | Definition:
        return self.data[1]  # type: ignore[no-any-return]


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


class Derivative(Expr):
    """args = (body, variable): the partial derivative at the current point; in z[k] it moves all of z."""

    __slots__ = ()

    @classmethod
    def of(cls, body: Expr, variable: Expr) -> Derivative:
        if not isinstance(variable, Symbol) and not (isinstance(variable, Entry) and isinstance(variable.base, Array)):
            raise ValueError(f"a derivative is taken in a symbol or an entry of an array, not in {variable!r}")
        return cls((body, variable))

    @property
    def moved(self) -> Symbol | Array:
        """What the derivative sets moving: for an entry z[k], the whole array z."""
        return moved(self.args[1])


class Limit(Expr):
    """args = (body, point), data = (symbol, side): the limit of body as symbol tends to point ("+" from above)."""

    __slots__ = ()

    def _find_free(self) -> frozenset[Any]:
        return (self.args[0].free - {self.data[0]}) | self.args[1].free


class Expectation(Expr):
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
    def law(self) -> Law:
        return Law(self.data[1], self.args[1:])


class Optimum(Expr):
    """args = (objective, point), data = (kind, variable): `point` is the only minimiser or maximiser."""

    __slots__ = ()


class Root(Expr):
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

    def at(self, value: Expr, side: int) -> Expr:
        """One side of the equation, 0 or 1, with a value in the place of the unknown."""
        from gradproof.expression.traversal import substitute

        return substitute(self.args[side], self.unknown, value)


class Ranking(Expr):
    """A permutation by size, args = (family, index), the smallest first; among equals the one that stands first.

    data = ("argsort",): the position of the index-th smallest member of the family. data = ("rank",): the inverse, the
    place of that member in the order.
    """

    __slots__ = ()

    @classmethod
    def of(cls, kind: str, family: Expr, index: Expr) -> Ranking:
        if kind not in ("argsort", "rank") or not isinstance(family, Vector):
            raise ValueError(f"argsort or rank of a family is wanted, not {kind} of {family!r}")
        return cls((family, index), (kind,))

    @property
    def family(self) -> Vector:
        assert isinstance(self.args[0], Vector)
        return self.args[0]


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
    if isinstance(e, Derivative):
        return e.moved
    if isinstance(e, Limit | Root | Expectation):
        return e.data[0]  # type: ignore[no-any-return]
    return e.data[1] if isinstance(e, Optimum) else None


def moved(variable: Expr) -> Symbol | Array:
    """The symbol, or the whole array of an entry, that a derivative in `variable` moves."""
    if isinstance(variable, Entry) and isinstance(variable.base, Array):
        return variable.base
    if isinstance(variable, Symbol):
        return variable
    raise ValueError(f"not a variable: {variable!r}")


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
