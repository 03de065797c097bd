"""Which functions a proved statement offers as code.

Contract. The names are those of a reader who tests them: a gradient gives `loss` and `grad`, a family in z_k `fun`
and `jac`, a second derivative `loss` and `hess`, an equation or inequality `lhs` and `rhs` (lhs the smaller side), an
optimum `optimum` and `optvalue`, of a family of optima only `optimum`. Results have one axis for each free index, in
order of appearance, the index of the variable last. Arguments come as listed, else the variable first and the rest as
it appears. An index is an argument, counted from 0, where the statement lists it among its arguments; where it lists
none, the class called t is one, and so are the free indices of anything that is not differentiated.

Blind spot. The first claim decides what is offered, with the other derivatives of the same loss, or the other
equations; what is not a term is left out. Claims about unknown functions are passed over where there are others.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from gradproof import expression as x
from gradproof.derivation import Given
from gradproof.expression import Array, Definition, Expr, Index, Relation, Symbol, Unknown
from gradproof.statement import Statement

SWAPPED = (">=", ">")


@dataclass(frozen=True)
class Output:
    """One function: the term it computes, and the free indices that become axes of the result, in order."""

    name: str
    term: Expr
    axes: tuple[Index, ...] = ()
    variable: str = ""  # where a function has one result for each variable, the variable's name
    wrt: tuple[Expr, ...] = ()  # for a derivative: the variables, from the innermost to the outermost


@dataclass(frozen=True)
class Interface:
    """All functions of one statement, and the arguments they share, in order."""

    outputs: tuple[Output, ...]
    arguments: tuple[Symbol | Array | Index, ...] = field(default=())


def interface(statement: Statement, proved: tuple[Expr, ...]) -> Interface:
    """The functions of a statement; `proved` are its claims, a question answered by an equation."""
    definite = tuple(p for p in proved if not any(isinstance(f, Unknown) for f in p.free))
    proved = tuple(_determined(p, statement.givens) for p in definite or proved)
    first = _bare(proved[0]) if proved else None
    listed: tuple[Symbol | Array | Index, ...] = tuple(statement.arguments)
    if isinstance(first, Relation) and isinstance(first.args[0], x.Derivative) and first.operator == "=":
        outputs = _derivatives(first, [_bare(p) for p in proved], listed)
    elif isinstance(first, x.Optimum):
        outputs = _optimum(first, listed)
    elif isinstance(first, Relation) and first.operator in ("=", "<=", ">=", "<", ">"):
        outputs = _sides(first, [_bare(p) for p in proved], listed)
    else:
        outputs = ()
    terms = [*_variables(first), *(o.term for o in outputs)]
    return Interface(outputs, listed or default_arguments(terms, _axes(outputs)))


def _determined(claim: Expr, givens: Iterable[Given]) -> Expr:
    """The claim with the arrays that a given spells out, such as one-hot labels, put in."""
    for g in givens:
        left, right = g.relation.args
        if g.relation.operator != "=" or g.apart or not isinstance(left, x.Entry) or left.args != g.over:
            continue
        if isinstance(left.base, Array) and len(g.over) == 1 and left.base not in right.free:
            with suppress(ValueError):  # where the claim moves the array, it stays
                claim = x.replace_array(claim, left.base, x.Vector.over(g.over[0], right))  # type: ignore[arg-type]
    return claim


def _sides(first: Relation, claims: list[Expr], listed: tuple[object, ...]) -> tuple[Output, ...]:
    """Both sides of the first claim; of several equations, or inequalities, all, by their number."""
    alike = [c for c in claims if isinstance(c, Relation) and (c.operator == "=") == (first.operator == "=")]
    alike = [c for c in alike if c.operator not in ("<=>", "!=")]
    several = len(alike) > 1
    outputs = []
    for n, claim in enumerate(alike if several else [first], 1):
        left, right = claim.args[::-1] if claim.operator in SWAPPED else claim.args
        axes = tuple(i for i in free_indices(claim) if listed and i not in listed)
        name = f"claim {n}" if several else ""
        outputs += [Output("lhs", left, axes, name), Output("rhs", right, axes, name)]
    return tuple(outputs)


def _variables(claim: Expr | None) -> tuple[Expr, ...]:
    """What the claim differentiates in, which its functions take first."""
    return _peel(claim.args[0])[1] if isinstance(claim, Relation) else ()


def _axes(outputs: Iterable[Output]) -> set[Index]:
    return {i for o in outputs for i in o.axes}


def _bare(claim: Expr) -> Expr:
    """The proposition under "for all", at indices of its own letters."""
    taken: set[str] = x.names(claim)
    while isinstance(claim, x.ForAll):
        index = claim.fresh(taken)
        taken.add(index.name)
        claim = claim.open(index)
    return claim


def _peel(e: Expr) -> tuple[Expr, tuple[Expr, ...]]:
    """What is differentiated, and the variables from the innermost to the outermost."""
    variables: list[Expr] = []
    while isinstance(e, x.Derivative):
        variables.insert(0, e.args[1])
        e = e.args[0]
    return e, tuple(variables)


def _derivatives(first: Relation, claims: list[Expr], listed: tuple[object, ...]) -> tuple[Output, ...]:
    loss = _peel(first.args[0])[0]
    own = tuple(i for i in free_indices(loss) if not _is_argument(i, listed))
    outputs = [Output("fun" if own else "loss", loss, own)]
    by_order: dict[int, list[tuple[str, Output]]] = {}
    for claim in claims:
        if not isinstance(claim, Relation) or claim.operator != "=":
            continue
        body, variables = _peel(claim.args[0])
        name = _derivative_name(bool(own), len(variables))
        if body != loss or not name:
            continue
        axes = tuple(dict.fromkeys((*own, *(i for v in variables for i in v.args if isinstance(i, Index)))))
        variable = "_".join(x.moved(v).name for v in variables)
        found = by_order.setdefault(len(variables), [])
        if variable not in (v for v, _ in found):
            found.append((variable, Output(name, claim.args[1], axes, wrt=variables)))
    for found in by_order.values():
        several = len(found) > 1
        outputs += [replace(o, variable=v if several else "") for v, o in found]
    return tuple(outputs)


def _derivative_name(family: bool, order: int) -> str:
    return {(False, 1): "grad", (False, 2): "hess", (True, 1): "jac"}.get((family, order), "")


def _is_argument(index: Index, listed: tuple[object, ...]) -> bool:
    return index in listed if listed else index.name == "t"


def _optimum(claim: x.Optimum, listed: tuple[object, ...]) -> tuple[Output, ...]:
    objective, point = claim.args
    variable = claim.data[1]
    axes = tuple(i for i in free_indices(claim) if listed and i not in listed)
    if axes:  # a family of problems, whose optimal values are of no interest
        return () if isinstance(point, x.Vector) else (Output("optimum", point, axes),)
    if isinstance(point, x.Vector):
        index = point.fresh(x.names(claim))
        value = x.replace_array(objective, variable, point)
        axes, point = (index,), point.open(index)
    else:
        value = x.substitute(objective, variable, point)
    return Output("optimum", point, axes), Output("optvalue", value)


def free_indices(e: Expr) -> tuple[Index, ...]:
    """The free indices of a term in order of appearance, bodies of definitions read where they are used."""
    found: dict[Index, None] = {}
    for t in _appearing(e, set()):
        if isinstance(t, Index) and t in e.free:
            found[t] = None
    return tuple(found)


def default_arguments(terms: Iterable[Expr], axes: Iterable[Index] = ()) -> tuple[Symbol | Array | Index, ...]:
    """What terms depend on, in order of appearance; indices last. Sizes that a shape tells are left out."""
    found: dict[Symbol | Array | Index, None] = {}
    results = set(axes)
    seen: set[Definition] = set()
    for e in terms:
        for t in _appearing(e, seen):
            if isinstance(t, x.Entry | x.OfMatrix) and isinstance(t.base, Array):
                found[t.base] = None
            elif isinstance(t, Symbol | Index) and t in e.free and t not in results:
                found[t] = None
    told = {n for a in found if isinstance(a, Array) for n in a.shape}
    return tuple(sorted((a for a in found if a not in told), key=lambda a: isinstance(a, Index)))


def _appearing(e: Expr, seen: set[Definition]) -> Iterable[Expr]:
    """Subterms as a reader meets them: the size of a binder after its body, a definition at its first use."""
    yield e
    for a in reversed(e.args) if isinstance(e, x.Binder) else e.args:
        yield from _appearing(a, seen)
    if isinstance(e, x.Entry | x.OfMatrix) and isinstance(e.base, Definition) and e.base not in seen:
        seen.add(e.base)
        yield from _appearing(e.base.body, seen)
