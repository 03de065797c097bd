"""Small slips of a formula, undone: every way to change one thing.

Contract. `edits` yields (what was changed, the term with that change), the likeliest slips first. Each change touches
one place, or exchanges two names or indices throughout. Nothing here knows whether a change makes the formula true.

Blind spot. Two slips in one formula are not undone. Nothing is changed inside an index or a sum's range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from gradproof import expression as x
from gradproof.claims.places import Names, Place, places, put, total
from gradproof.expression import (
    NATURAL,
    Add,
    Array,
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
    Sum,
    Symbol,
    add,
    mul,
    power,
)

ONE, ZERO = Number.of(1), Number.of(0)

# -- changes at one place ----------------------------------------------------------------------------------------------

Change = Callable[[Place, Names], Iterator[Expr]]


def sign(p: Place, names: Names) -> Iterator[Expr]:
    if not isinstance(p.above, Mul | Derivative) and not isinstance(p.term, Number):
        yield _negated(p.term)


def _negated(e: Expr) -> Expr:
    """-(y - p) as p - y."""
    terms = [-t for t in e.args] if isinstance(e, Add) else [-e]
    return add(*sorted(terms, key=_is_negative))


def _is_negative(e: Expr) -> bool:
    first = e.args[0] if isinstance(e, Mul) else e
    return isinstance(first, Number) and first.value < 0


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
    elif e == ONE:
        yield from (Delta((i, k)) for i, k in combinations(names.indices, 2) if i.size == k.size)


def centred(p: Place, names: Names) -> Iterator[Expr]:
    if isinstance(p.term, Entry | Symbol) or p.above is None:
        for m in (ONE, *names.totals()):
            yield from (p.term - m, p.term + m)


def lost_sum(p: Place, names: Names) -> Iterator[Expr]:
    e = p.term
    if isinstance(e, Sum) and not e.loose:
        yield from (e.open(i) for i in names.indices if i.size == e.size)
    if p.above is None or isinstance(p.above, Add | Mul | Function):
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
COPIED = "another part of the formula"
LIKELIEST = 3  # of them come before exchanges throughout


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
                yield COPIED, put(e, p.path, part)


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
    yield from _changed(e, found, names, CHANGES[:LIKELIEST])
    yield from exchanges(e, names)
    yield from _changed(e, found, names, CHANGES[LIKELIEST:])
    yield from replacements(e)


def _changed(
    e: Expr, found: list[Place], names: Names, rows: tuple[tuple[str, Change], ...]
) -> Iterator[tuple[str, Expr]]:
    for what, change in rows:
        for p in found:
            for new in change(p, names):
                yield what, put(e, p.path, new)
