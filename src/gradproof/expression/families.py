"""Families of numbers with indices: arrays, definitions, their entries, and what is made of all entries. TRUSTED.

Contract. An entry carries the array or the definition that it belongs to, so what a term depends on is known from the
term alone: p[i] depends on z where the body of p does. A definition has no free index but its parameters.

Blind spot. That the index of an entry lies in its range is looked at only where it is an index of another size; for all
else it is a question of definedness, which `gradproof.signs` answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from gradproof.expression.binders import Vector, instantiate
from gradproof.expression.core import Expr, coerce
from gradproof.expression.domains import REAL, Interval
from gradproof.expression.symbols import Index


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
