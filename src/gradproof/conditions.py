"""Side conditions of rules: which hold at a place in a derivation. TRUSTED.

Contract. `Conditions.satisfied(c, signs)` is True only if the condition holds for all values in the declared domains
that satisfy the givens. `signs` are those of the place: under a derivative they hold in a neighbourhood.

Blind spot. A condition of an unknown kind never holds; a condition that is true but not found is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gradproof.derivation import Given
from gradproof.expression import (
    Array,
    Entry,
    Expr,
    ForAll,
    Index,
    Number,
    Relation,
    Vector,
    abstract,
    in_range,
    instantiate,
    is_whole,
    moved,
    replace_array,
)
from gradproof.expression.intervals import contains
from gradproof.normal import Normal
from gradproof.rule import Condition
from gradproof.signs import Signs


def whole(*values: object) -> None:
    """Refuse terms, and tuples of terms, in which a bound index stands without its binder."""
    for v in values:
        whole(*v if isinstance(v, tuple | list) else ())
        if isinstance(v, Expr) and v.loose:
            raise ValueError(f"a bound index of {v!r} stands without its binder")


def at_indices(statement: Expr, old: tuple[Index, ...], new: tuple[Expr, ...]) -> Relation:
    """The statement at other values of its indices. ValueError where one is not known to be in range."""
    for i, v in zip(old, new, strict=True):
        if not isinstance(i, Index) or not in_range(v, i.size):
            raise ValueError(f"{v!r} is not known to be in the range of {i!r}")
    return instantiate(abstract(statement, old), new)  # type: ignore[return-value]


MEANINGS: Mapping[str, Callable[..., bool]] = {
    "positive": Signs.positive,
    "nonnegative": Signs.nonnegative,
    "nonzero": Signs.nonzero,
    "holds": Signs.holds,
    "defined": lambda signs, e: signs.undefined(e) is None,
    "constant": lambda signs, e, variable: moved(variable) not in e.free,
    "independent": lambda signs, e, index: index not in e.free,
    "in_range": lambda signs, index, size: in_range(index, size),
    "whole": lambda signs, e: is_whole(e),
    "number": lambda signs, e: isinstance(e, Number),
}


class Conditions:
    """The side conditions under a list of givens; `use(n)` is told each given that a condition rests on."""

    def __init__(self, givens: tuple[Given, ...], use: Callable[[int, Signs], None]) -> None:
        self.givens = givens
        self.use = use

    def satisfied(self, c: Condition, signs: Signs) -> bool:
        if c.kind in MEANINGS:
            return MEANINGS[c.kind](signs, *c.terms)
        match c.kind:
            case "unconstrained":
                return not any(moved(c.terms[0]) in g.relation.free for g in self.givens)
            case "assumed":
                return self._assumed(signs, *c.terms)
            case "feasible":
                return self._feasible(signs, *c.terms)
        return False

    def _assumed(self, signs: Signs, relation: Expr, index: Expr, other: Expr) -> bool:
        """Whether a given says `relation` for every `index` but `other`."""
        for n, g in enumerate(self.givens):
            if len(g.over) != 1 or g.apart != ((g.over[0], other),) or not isinstance(index, Index):
                continue
            if index.size == g.over[0].size and abstract(g.relation, g.over) == abstract(relation, (index,)):
                self.use(n, signs)
                return True
        return False

    def _feasible(self, signs: Signs, entry: Expr, point: Expr) -> bool:
        """Whether all that is given of the entry's array is given of the family `point` too, its domain included."""
        if not isinstance(entry, Entry) or not isinstance(entry.base, Array) or not isinstance(point, Vector):
            return False
        array = entry.base
        about = [g for g in self.givens if array in g.relation.free]
        if array.shape != (point.size,) or any(g.apart for g in about):
            return False
        inside = signs.interval(signs.opened(point)[1])
        return contains(array.domain, inside) and all(
            self._stated(replace_array(g.closed(), array, point), signs) for g in about
        )

    def _stated(self, e: Expr, signs: Signs) -> bool:
        """Whether a proposition is a given, or holds by signs or as an identity."""
        for n, g in enumerate(self.givens):
            if g.closed() == e and not g.apart:
                self.use(n, signs)
                return True
        return signs.holds(e) or _identity(e, signs)


def _identity(e: Expr, signs: Signs) -> bool:
    """Whether an equation for all indices is an identity."""
    while isinstance(e, ForAll):
        e = signs.opened(e)[1]
    return isinstance(e, Relation) and e.operator == "=" and Normal(signs, None).equal(*e.args)
