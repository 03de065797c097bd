"""Small slips of a formula, undone: every way to change one thing.

Contract. `edits` yields (what was changed, the term with that change), the likeliest slips first. Each change touches one
place, or exchanges two names or indices throughout. Nothing here knows whether a change makes the formula true.

Blind spot. Two slips in one formula are not undone. Nothing is changed inside an exponent's index or a sum's range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement

from gradproof import expression as x
from gradproof.expression import (
    NATURAL,
    Add,
    Array,
    Binder,
    Bound,
    Definition,
    Delta,
    Derivative,
    Entry,
    Expr,
    Function,
    Index,
    Mul,
    Number,
    Pow,
    Relation,
    Sum,
    Symbol,
    add,
    definitions,
    mul,
    power,
)

ONE, TWO, HALF, ZERO = Number.of(1), Number.of(2), Number.of(x.Fraction(1, 2)), Number.of(0)
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
        if isinstance(e, Entry | Delta | Index) or (isinstance(e, Binder) and n == 0) or (isinstance(e, Derivative) and n):
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


# -- changes at one place ----------------------------------------------------------------------------------------------

Change = Callable[[Place, Names], Iterator[Expr]]


def sign(p: Place, names: Names) -> Iterator[Expr]:
    if not isinstance(p.above, Mul | Derivative) and not isinstance(p.term, Number):
        yield -p.term


def complement(p: Place, names: Names) -> Iterator[Expr]:
    if isinstance(p.term, Entry | Symbol) or (isinstance(p.term, Function) and p.term.name == "sigmoid"):
        yield ONE - p.term


def index(p: Place, names: Names) -> Iterator[Expr]:
    e = p.term
    if not isinstance(e, Entry | Delta):
        return
    ranges = e.base.shape if isinstance(e, Entry) else (_range(e.args[0], p), _range(e.args[1], p))
    for n, (old, size) in enumerate(zip(e.args, ranges, strict=True)):
        for new in names.indices_over(size, p.inside):
            if new != old:
                yield type(e)((*e.args[:n], new, *e.args[n + 1 :]), e.data)
    if len(e.args) == 2 and ranges[0] == ranges[1]:
        yield type(e)(e.args[::-1], e.data)


def _range(i: Expr, p: Place) -> Expr:
    if isinstance(i, Index):
        return i.size
    return p.inside[int(i.data[0])] if isinstance(i, Bound) and int(i.data[0]) < len(p.inside) else ZERO


def other_name(p: Place, names: Names) -> Iterator[Expr]:
    e = p.term
    if isinstance(e, Entry):
        for f in names.families:
            if f.shape == e.base.shape and f != e.base:
                yield Entry(e.args, (f,))
    elif isinstance(e, Symbol) and e.domain != NATURAL:
        yield from (s for s in names.scalars if s != e)


def size_of_weights(p: Place, names: Names) -> Iterator[Expr]:
    if isinstance(p.term, Symbol) and p.term.domain == NATURAL:
        yield from (total(f) for f in names.families if f.shape == (p.term,))


def lost_factor(p: Place, names: Names) -> Iterator[Expr]:
    whole = p.above is None or isinstance(p.above, Add | Sum) or (isinstance(p.above, Mul) and isinstance(p.term, Add))
    if whole or (isinstance(p.above, Function) and not isinstance(p.term, Add)):
        yield from (mul(p.term, f) for f in names.factors(p.inside))


def extra_part(p: Place, names: Names) -> Iterator[Expr]:
    e = p.term
    if isinstance(e, Add | Mul):
        for n in range(len(e.args)):
            yield e.rebuild((*e.args[:n], *e.args[n + 1 :]))


def exponent(p: Place, names: Names) -> Iterator[Expr]:
    e = p.term
    if isinstance(e, Pow) and isinstance(e.args[1], Number):
        n = e.args[1].value
        yield from (power(e.args[0], Number.of(v)) for v in (-n, n + 1, n - 1))
    elif isinstance(e, Entry | Symbol | Function) and not isinstance(p.above, Pow):
        yield from (power(e, Number.of(v)) for v in (2, -1))


def lost_delta(p: Place, names: Names) -> Iterator[Expr]:
    e = p.term
    if isinstance(e, Entry) and len(e.args) == 1:
        others = [i for i in names.indices_over(e.base.shape[0], p.inside) if i != e.args[0]]
        for other in others:
            d = Delta((e.args[0], other))
            yield from (d - e, e - d, mul(e, d))


def centred(p: Place, names: Names) -> Iterator[Expr]:
    if isinstance(p.term, Entry | Symbol) or p.above is None:
        for m in (ONE, *names.totals()):
            yield from (p.term - m, p.term + m)


def lost_sum(p: Place, names: Names) -> Iterator[Expr]:
    e = p.term
    if isinstance(e, Sum):
        yield from (e.open(i) for i in names.indices if i.size == e.size)
    if p.above is None or isinstance(p.above, Add | Mul):
        yield from (Sum.over(i, e) for i in names.indices if i in e.free and not e.loose)


def lost_term(p: Place, names: Names) -> Iterator[Expr]:
    if p.above is not None:
        return
    entries = list(names.entries(p.inside))
    atoms = [*names.scalars, *entries, *(mul(a, b) for a, b in combinations(entries, 2))]
    for a in atoms:
        yield from (p.term + a, p.term - a)


CHANGES: tuple[tuple[str, Change], ...] = (
    ("a sign", sign),
    ("an index", index),
    ("a name", other_name),
    ("a factor too many or a term too many", extra_part),
    ("one minus", complement),
    ("a power", exponent),
    ("a missing factor", lost_factor),
    ("a sum", lost_sum),
    ("a missing delta", lost_delta),
    ("a size instead of a sum of weights", size_of_weights),
    ("a missing term", centred),
    ("a missing term", lost_term),
)


# -- changes throughout ------------------------------------------------------------------------------------------------


def _exchanged(e: Expr, swap: dict[object, Expr | Array | Definition]) -> Expr:
    found = swap.get(e)
    if isinstance(found, Expr):
        return found
    if isinstance(e, Index):
        return e
    args = tuple(_exchanged(a, swap) for a in e.args)
    if isinstance(e, Entry):
        return Entry(args, (swap.get(e.base, e.base),))
    return e.rebuild(args)


def exchanges(e: Expr, names: Names) -> Iterator[tuple[str, Expr]]:
    """Two names, or two indices, of one kind exchanged throughout."""
    rows: tuple[tuple[str, tuple[object, ...]], ...] = (
        ("two names exchanged", names.scalars), ("two names exchanged", names.families),
        ("two indices exchanged", names.indices),
    )  # fmt: skip
    for what, things in rows:
        for a, b in combinations(things, 2):
            if _kind(a) == _kind(b):
                yield what, _exchanged(e, {a: b, b: a})  # type: ignore[dict-item]


def _kind(thing: object) -> object:
    return thing.size if isinstance(thing, Index) else thing.shape if isinstance(thing, Array | Definition) else None


def replacements(e: Expr) -> Iterator[tuple[str, Expr]]:
    """One part of the formula in the place of another."""
    found = [p for p in places(e) if p.path and not isinstance(p.term, Number)]
    parts = list(dict.fromkeys(p.term for p in found if not p.term.loose))
    for p in found:
        for part in parts:
            if part != p.term and part != p.above:
                yield "another part of the formula", put(e, p.path, part)


def edits(e: Expr, names: Names) -> Iterator[tuple[str, Expr]]:
    """All terms that differ from `e` by one change, each once, the likeliest first."""
    seen = {e}
    for what, new in _all(e, names):
        if new not in seen and _is_sound(new):
            seen.add(new)
            yield what, new


def _is_sound(e: Expr) -> bool:
    """Whether every derivative is still taken in a variable."""
    moved = (t.args[1] for t in x.subterms(e) if isinstance(t, Derivative))
    return all(isinstance(v, Symbol) or (isinstance(v, Entry) and isinstance(v.base, Array)) for v in moved)


def _all(e: Expr, names: Names) -> Iterator[tuple[str, Expr]]:
    found = list(places(e))
    yield "zero", ZERO
    yield from exchanges(e, names)
    for what, change in CHANGES:
        for p in found:
            for new in change(p, names):
                yield what, put(e, p.path, new)
    yield from replacements(e)
