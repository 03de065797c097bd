"""Side conditions of rules: which hold at a place in a derivation. TRUSTED.

Contract. `Conditions.satisfied(c, signs)` is True only if the condition holds for all values in the declared domains
that satisfy the givens. `signs` are those of the place: under a derivative they hold in a neighbourhood.

Blind spot. A condition of an unknown kind never holds; a condition that is true but not found is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gradproof.derivation import Given
from gradproof.expression import (
    Add,
    Application,
    Array,
    Definition,
    Delta,
    Derivative,
    Entry,
    Expectation,
    Expr,
    ForAll,
    Function,
    Index,
    Limit,
    Mul,
    Number,
    OfMatrix,
    Pow,
    Product,
    Ranking,
    Relation,
    Root,
    Sum,
    Symbol,
    Vector,
    abstract,
    continuous,
    definitions,
    holds,
    in_range,
    instantiate,
    is_whole,
    moved,
    replace_array,
    subterms,
)
from gradproof.expression.intervals import contains
from gradproof.normal import Normal, Opened
from gradproof.rule import Condition
from gradproof.signs import Signs


def whole(*values: object) -> None:
    """Refuse terms, and tuples of terms, in which a bound index stands without its binder."""
    for v in values:
        whole(*v if isinstance(v, tuple | list) else ())
        if isinstance(v, Expr) and v.loose:
            raise ValueError(f"a bound index of {v!r} stands without its binder")


def anywhere(c: Condition, bindings: Mapping[str, object]) -> set[str]:
    """The letters at which a condition stands for every index: those that a rule chose, which no binding mentions, and
    the one that it binds, which is called `index` in all rules with such conditions."""
    if c.kind in ("constant", "feasible"):  # these are about the whole array of an entry
        return set()
    parts = [v for b in bindings.values() for v in (b if isinstance(b, tuple | list) else (b,))]
    one = {s for v in parts if isinstance(v, Expr) for s in v.free} - {bindings.get("index")}
    return {s.name for e in c.terms if isinstance(e, Expr) for s in e.free if isinstance(s, Index) and s not in one}


def nearby(statement: Expr, signs: Signs) -> None:
    """Refuse what was proved on the domains where a derivative moves a symbol past a closed end of its domain."""
    for name in signs.beyond & statement.free:
        raise ValueError(f"the lemma is about {name.name}, which a derivative moves past a closed end of its domain")


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
    "identity": lambda signs, relation: _identity(relation, signs),
    "continuous": lambda signs, e, *variables: continuous(e, [moved(v) for v in variables] or None),
    "number": lambda signs, e: isinstance(e, Number),
}


# A term of these kinds stays as it is where all of its parts do.
POINTWISE = (Add, Mul, Pow, Function, Delta, Sum, Product)
# Below these a term may be rewritten, at some of their positions.
OPEN = (*POINTWISE, Application, ForAll, Vector, Relation, Derivative, Limit, Expectation)


class Conditions:
    """The side conditions under a list of givens; `use(n)` is told each given that a condition rests on."""

    def __init__(self, givens: tuple[Given, ...], use: Callable[[int, Signs], None]) -> None:
        if any(len(set(pair)) < len(pair) for g in givens for pair in (g.over, *g.apart)):
            raise ValueError("a given names an index twice")
        self.givens = givens
        self.use = use

    def satisfied(self, c: Condition, signs: Signs) -> bool:
        if c.kind in MEANINGS:
            return MEANINGS[c.kind](signs, *c.terms)
        match c.kind:
            case "unconstrained":
                name = c.terms[0] if isinstance(c.terms[0], Array) else moved(c.terms[0])
                return not any(name in g.relation.free for g in self.givens)
            case "assumed":
                return self._assumed(signs, *c.terms)
            case "feasible":
                return self._feasible(signs, *c.terms)
            case "symmetric":
                return self._symmetric(signs, *c.terms)
            case "settled":
                return self._settled(signs, c.terms[0], moved(c.terms[1]))
        return False

    def _settled(self, signs: Signs, e: Expr, moving: Symbol | Array) -> bool:
        """Whether the term stays as it is near each point: what moves are orders of families without ties."""
        if moving not in e.free:
            return True
        if isinstance(e, Ranking):
            return self._untied(signs, e.family) and self._settled(signs, e.args[1], moving)
        if isinstance(e, Entry):
            body = (e.base.body,) if isinstance(e.base, Definition) else ()
            return e.base != moving and all(self._settled(signs, a, moving) for a in (*e.args, *body))
        return isinstance(e, POINTWISE) and all(self._settled(signs, a, moving) for a in e.args)

    def _untied(self, signs: Signs, family: Vector) -> bool:
        """Whether the members are continuous, and a given says that they differ; then they do so in a neighbourhood."""
        if family.loose or not continuous(family.args[1]):
            return False
        for n, g in enumerate(self.givens):
            if g.relation.operator != "!=" or len(g.over) != 2 or g.apart not in ((g.over,), (g.over[::-1],)):
                continue
            if all(i.size == family.size and family.open(i) == e for i, e in zip(g.over, g.relation.args, strict=True)):
                self.use(n, signs)
                return True
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

    def _symmetric(self, signs: Signs, entry: Expr) -> bool:
        """Whether the matrix of the entry is its own transpose: it is given so, or its entries by their form are."""
        if not isinstance(entry, Entry) or len(entry.args) != 2 or len(set(entry.base.shape)) != 1:
            return False
        if isinstance(entry.base, Array):
            return self._given_symmetric(signs, entry.base)
        i, j = (Opened.of(name, size) for name, size in zip("ij", entry.base.shape, strict=True))
        there, back = entry.base.unfold((i, j)), entry.base.unfold((j, i))
        return Normal(signs).equal(self._sorted(there, signs), self._sorted(back, signs))

    def _given_symmetric(self, signs: Signs, matrix: Array) -> bool:
        for n, g in enumerate(self.givens):
            if len(g.over) != 2 or g.apart or {i.size for i in g.over} != set(matrix.shape):
                continue
            if g.relation.states(Relation.of(matrix[g.over], "=", matrix[g.over[::-1]])):
                self.use(n, signs)
                return True
        return False

    def _sorted(self, e: Expr, signs: Signs) -> Expr:
        """The same number with the indices of symmetric matrices, and of their inverses, in one order."""
        if isinstance(e, Entry | OfMatrix) and len(e.args) == 2:
            matrix = Entry(e.args, (e.base,))
            swapped = type(e)(e.args[::-1], e.data)
            return swapped if swapped.key < e.key and self._symmetric(signs, matrix) else e
        if holds(e) is not None:  # there the matrix may move
            return e
        return e.rebuild(tuple(self._sorted(a, signs) for a in e.args))

    def _stated(self, e: Expr, signs: Signs) -> bool:
        """Whether a proposition is a given, or holds by signs or as an identity."""
        for n, g in enumerate(self.givens):
            if g.closed() == e and not g.apart:
                self.use(n, signs)
                return True
        return signs.holds(e) or _identity(e, signs) or _defining(e, signs)


def _defining(e: Expr, signs: Signs) -> bool:
    """Whether an equation is the one that defines a root which stands in it."""
    if not isinstance(e, Relation) or e.operator != "=":
        return False
    normal = Normal(signs, None)
    roots = {t for d in definitions(e) for t in subterms(d.body)} | set(subterms(e))
    solved = [(r.at(r, 0), r.args[1]) for r in roots if isinstance(r, Root) and not r.loose]
    return any(normal.equal(e.args[0], left) and normal.equal(e.args[1], right) for left, right in solved)


def _identity(e: Expr, signs: Signs) -> bool:
    """Whether an equation for all indices is an identity."""
    while isinstance(e, ForAll):
        e = signs.opened(e)[1]
    return isinstance(e, Relation) and e.operator == "=" and Normal(signs, None).equal(*e.args)
