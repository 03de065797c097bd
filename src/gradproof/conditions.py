"""Side conditions of rules: which hold at a place in a derivation. TRUSTED.

Contract. `Conditions.satisfied(c, signs)` is True only if the condition holds for all values in the declared domains that
satisfy the givens. `signs` are those of the place: under a derivative they hold in a neighbourhood.

Blind spot. A condition of an unknown kind never holds; a condition that is true but not found is refused.
"""

from __future__ import annotations

from collections.abc import Callable

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
    moved,
    replace_array,
)
from gradproof.normal import Normal
from gradproof.rule import Condition
from gradproof.signs import Signs, contains


class Conditions:
    """The side conditions under a list of givens; `use(n)` is told each given that a condition rests on."""

    def __init__(self, givens: tuple[Given, ...], use: Callable[[int, Signs], None]) -> None:
        self.givens = givens
        self.use = use

    def satisfied(self, c: Condition, signs: Signs) -> bool:
        e = c.terms[0]
        match c.kind:
            case "positive":
                return signs.positive(e)
            case "nonnegative":
                return signs.nonnegative(e)
            case "nonzero":
                return signs.nonzero(e)
            case "holds":
                return signs.holds(e)
            case "defined":
                return signs.undefined(e) is None
            case "constant":
                return moved(c.terms[1]) not in e.free
            case "independent":
                return c.terms[1] not in e.free
            case "in_range":
                return in_range(e, c.terms[1])
            case "number":
                return isinstance(e, Number)
            case "unconstrained":
                return not any(e in g.relation.free for g in self.givens)
            case "assumed":
                return self._assumed(e, c.terms[1], c.terms[2], signs)
            case "feasible":
                return self._feasible(e, c.terms[1], signs)
        return False

    def _assumed(self, relation: Expr, index: Expr, other: Expr, signs: Signs) -> bool:
        """Whether a given says `relation` for every `index` but `other`."""
        for n, g in enumerate(self.givens):
            if len(g.over) == 1 and g.apart == ((g.over[0], other),) and isinstance(index, Index):
                if abstract(g.relation, g.over) == abstract(relation, (index,)):
                    self.use(n, signs)
                    return True
        return False

    def _feasible(self, entry: Expr, point: Expr, signs: Signs) -> bool:
        """Whether all that is given of the entry's array is given of the family `point` too, its domain included."""
        if not isinstance(entry, Entry) or not isinstance(entry.base, Array) or not isinstance(point, Vector):
            return False
        array, inside = entry.base, signs.interval(point.open(point.fresh()))
        stated = [g.closed() for g in self.givens]
        about = [g for g in self.givens if array in g.relation.free]
        moved_over = [replace_array(g.closed(), array, point) for g in about if not g.apart]
        return (
            array.shape == (point.size,)
            and contains(array.domain, inside)
            and not any(g.apart for g in about)
            and all(g in stated or signs.holds(g) or _identity(g, signs) for g in moved_over)
        )


def _identity(e: Expr, signs: Signs) -> bool:
    """Whether an equation for all indices is an identity."""
    while isinstance(e, ForAll):
        e = e.open(e.fresh())
    return isinstance(e, Relation) and e.operator == "=" and Normal(signs, None).equal(*e.args)
