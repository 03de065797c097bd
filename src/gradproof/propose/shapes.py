"""Looking at terms: where something occurs, whether a pattern matches, what a product is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from gradproof.expression import (
    Add,
    Array,
    Binder,
    Bound,
    Definition,
    Derivative,
    Entry,
    Expr,
    Index,
    Mul,
    Number,
    OfMatrix,
    Pow,
    Relation,
    add,
    in_range,
    mul,
    power,
)


@lru_cache(maxsize=100_000)
def mentions(e: Expr, kind: type) -> bool:
    """Whether a node of this class stands in the term (not counting the bodies of definitions)."""
    return isinstance(e, kind) or any(mentions(a, kind) for a in e.args)


def places(e: Expr, kind: type, wanted: Callable[[Expr], bool] = lambda e: True) -> Iterator[tuple[int, ...]]:
    """Paths to the outermost nodes of a class, last first, so that rewriting one leaves the other paths valid."""
    if isinstance(e, kind) and wanted(e):
        yield ()
        return
    for n in range(len(e.args) - 1, -1, -1):
        if mentions(e.args[n], kind):
            for below in places(e.args[n], kind, wanted):
                yield (n, *below)


def match(pattern: Expr, term: Expr, holes: tuple[Index, ...]) -> tuple[Expr, ...] | None:
    """Values for the indices in `holes` that make the pattern the term, in range and standing alone; or None."""
    found: dict[Expr, Expr] = {}
    if not _match(pattern, term, frozenset(holes), found):
        return None
    values = tuple(found.get(h, h) for h in holes)
    fits = all(v.loose == 0 and in_range(v, h.size) for h, v in zip(holes, values, strict=True))
    return values if fits and all(h in found for h in holes) else None


def _match(p: Expr, t: Expr, holes: frozenset[Index], found: dict[Expr, Expr]) -> bool:
    if p in holes:
        if isinstance(t, Bound):
            return False
        return found.setdefault(p, t) == t
    if not holes & p.free:
        return p == t
    if type(p) is not type(t) or p.data != t.data or len(p.args) != len(t.args):
        return False
    return all(_match(a, b, holes, found) for a, b in zip(p.args, t.args, strict=True))


def split_product(e: Expr) -> tuple[Expr, ...]:
    return e.args if isinstance(e, Mul) else (e,)


def split_sum(e: Expr) -> tuple[Expr, ...]:
    return e.args if isinstance(e, Add) else (e,)


def tidy(e: Expr) -> Expr:
    """Powers of one base merged and like terms collected, at every level; nothing is expanded or reordered."""
    if not e.args:
        return e
    if isinstance(e, Binder):
        return e.rebuild((e.args[0], tidy(e.args[1])))
    if isinstance(e, Derivative | Entry | OfMatrix):
        return e
    e = e.rebuild(tuple(tidy(a) for a in e.args))
    if isinstance(e, Mul):
        return _tidy_product(e)
    if isinstance(e, Add):
        return _tidy_sum(e)
    if isinstance(e, Pow) and isinstance(e.args[0], Mul):
        return _power(*e.args)
    if isinstance(e, Pow) and isinstance(e.args[0], Pow):
        return _power(*e.args)
    return e


def _tidy_product(e: Mul) -> Expr:
    exponents: dict[Expr, Expr] = {}
    for f in e.args:
        base, exponent = (f.args[0], f.args[1]) if isinstance(f, Pow) else (f, Number.of(1))
        if isinstance(base, Number) or not isinstance(exponent, Number):
            base, exponent = f, Number.of(1)
        before = exponents.get(base)
        if before is None:
            exponents[base] = exponent
        else:
            assert isinstance(before, Number)
            assert isinstance(exponent, Number)
            exponents[base] = Number.of(before.value + exponent.value)
    factors = [_power(b, n) for b, n in exponents.items()]
    return mul(*factors)


def _power(base: Expr, n: Expr) -> Expr:
    if isinstance(base, Mul) and isinstance(n, Number) and n.value.denominator == 1:
        return mul(*(_power(f, n) for f in base.args))
    if (
        isinstance(base, Pow)
        and isinstance(base.args[1], Number)
        and isinstance(n, Number)
        and n.value.denominator == 1
    ):
        return power(base.args[0], mul(base.args[1], n))
    return power(base, n)


def _tidy_sum(e: Add) -> Expr:
    coefficients: dict[Expr, Number] = {}
    for t in e.args:
        number, rest = coefficient(t)
        before = coefficients.get(rest, Number.of(0))
        coefficients[rest] = Number.of(before.value + number.value)
    return add(*(mul(c, rest) for rest, c in coefficients.items()))


def coefficient(t: Expr) -> tuple[Number, Expr]:
    """The numerical factor of a term and the rest."""
    if isinstance(t, Number):
        return t, Number.of(1)
    if isinstance(t, Mul) and isinstance(t.args[0], Number):
        return t.args[0], mul(*t.args[1:])
    return Number.of(1), t


def negative(t: Expr) -> bool:
    return coefficient(t)[0].value < 0


def expanded(e: Expr) -> Expr:
    """Products over sums multiplied out, at this level only; order kept."""
    if not isinstance(e, Mul):
        return e
    rows: list[tuple[Expr, ...]] = [()]
    for f in e.args:
        rows = [(*r, t) for r in rows for t in split_sum(f)]
    return add(*(mul(*r) for r in rows)) if len(rows) > 1 else e


def positives_first(e: Expr) -> Expr:
    """A sum with its negative terms last, otherwise in the order it has."""
    if not isinstance(e, Add):
        return e
    return add(*sorted(e.args, key=negative))


def constant_part(e: Expr, index: Index) -> tuple[Expr, Expr]:
    """A product as (factors free of the index, the others)."""
    factors = split_product(e)
    free = [f for f in factors if index not in f.free]
    return mul(*free), mul(*(f for f in factors if index in f.free))


def denominator(e: Expr) -> bool:
    """Whether the term is a power with a negative exponent."""
    return isinstance(e, Pow) and isinstance(e.args[1], Number) and e.args[1].value < 0


def defined(e: Expr) -> bool:
    return isinstance(e, Entry) and isinstance(e.base, Definition)


def transposed(relation: Relation) -> Array | Definition | None:
    """The matrix that an equation says is its own transpose: M_ij = M_ji."""
    left, right = relation.args
    if not isinstance(left, Entry) or not isinstance(right, Entry) or left.base != right.base:
        return None
    return left.base if len(left.args) == 2 and left.args == right.args[::-1] else None
