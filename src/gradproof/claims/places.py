"""The places of a formula, and the names that a correction may be made of.

Contract. A place holds a number; indices, ranges, and the variables of derivatives are no places. What `Names` offers
at a place may stand there: a bound index only inside its binder.

Blind spot. Only a few names of each kind are offered, and no sums but those of vectors and of products of two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement

from gradproof import expression as x
from gradproof.expression import (
    NATURAL,
    Array,
    Binder,
    Bound,
    Definition,
    Delta,
    Derivative,
    Entry,
    Expr,
    Index,
    Number,
    Relation,
    Sum,
    Symbol,
    definitions,
    mul,
    power,
)

TWO = Number.of(2)
MOST_FAMILIES, MOST_SCALARS = 5, 6


@dataclass(frozen=True)
class Names:
    """What a correction may be made of: the names of both sides."""

    scalars: tuple[Expr, ...]  # symbols and defined numbers
    sizes: tuple[Symbol, ...]
    families: tuple[Array | Definition, ...]
    indices: tuple[Index, ...]

    @classmethod
    def of(cls, relation: Relation) -> Names:
        free = sorted((f for f in relation.free), key=lambda f: str(f.name))
        moved = {d.args[0] for d in x.subterms(relation) if isinstance(d, Derivative)}
        sides = set(relation.args)
        defined = [d for d in definitions(relation) if not d.shape and d[()] not in moved | sides]
        symbols = [f for f in free if isinstance(f, Symbol)]
        families = [d for d in definitions(relation) if d.shape] + [f for f in free if isinstance(f, Array)]
        return cls(
            tuple([s for s in symbols if s.domain != NATURAL] + [d[()] for d in defined])[:MOST_SCALARS],
            tuple(s for s in _sizes(relation) if isinstance(s, Symbol)),
            tuple(f for f in families if not (isinstance(f, Array) and f.into))[:MOST_FAMILIES],
            tuple(f for f in free if isinstance(f, Index)),
        )

    def indices_over(self, size: Expr, inside: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """The free and bound indices of that range, at a place inside binders over these ranges."""
        bound = [Bound((), (n,)) for n, s in enumerate(inside) if s == size]
        return (*bound, *(i for i in self.indices if i.size == size))

    def entries(self, inside: tuple[Expr, ...]) -> Iterator[Expr]:
        """Vectors at every index of the place."""
        for f in self.families:
            if len(f.shape) == 1:
                yield from (f[i] for i in self.indices_over(f.shape[0], inside))

    def totals(self) -> Iterator[Expr]:
        """The sums of vectors, and of products of two of them."""
        vectors = [f for f in self.families if len(f.shape) == 1]
        for f in vectors:
            yield total(f)
        for f, g in combinations_with_replacement(vectors, 2):
            if f.shape == g.shape:
                yield total(f, g)

    def factors(self, inside: tuple[Expr, ...]) -> Iterator[Expr]:
        for s in (TWO, *self.scalars, *self.sizes):
            yield s
            yield power(s, Number.of(-1))
        yield from self.totals()
        yield from self.entries(inside)


def _sizes(e: Expr) -> list[Expr]:
    found = {n: None for f in e.free if isinstance(f, Array) for n in f.shape}
    return sorted(found, key=lambda n: n.key)


def total(*families: Array | Definition) -> Expr:
    index = Index.of("j", families[0].shape[0])
    return Sum.over(index, mul(*(f[index] for f in families)))


@dataclass(frozen=True)
class Place:
    """A subterm, the ranges of the binders around it (innermost first), and the node above it."""

    term: Expr
    inside: tuple[Expr, ...]
    path: tuple[int, ...]
    above: Expr | None


def places(e: Expr) -> Iterator[Place]:
    """Every place that holds a number; indices, ranges, and the variables of derivatives are no such places."""
    yield from _places(Place(e, (), (), None))


def _places(here: Place) -> Iterator[Place]:
    yield here
    e = here.term
    for n, a in enumerate(e.args):
        if (
            isinstance(e, Entry | Delta | Index)
            or (isinstance(e, Binder) and n == 0)
            or (isinstance(e, Derivative) and n)
        ):
            continue
        inside = (e.args[0], *here.inside) if isinstance(e, Binder) else here.inside
        yield from _places(Place(a, inside, (*here.path, n), e))


def put(e: Expr, path: tuple[int, ...], new: Expr) -> Expr:
    """The term with another subterm at a place."""
    if not path:
        return new
    args = list(e.args)
    args[path[0]] = put(args[path[0]], path[1:], new)
    return e.rebuild(tuple(args))
