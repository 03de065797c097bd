"""Claims about matrices: what an inverse is, what a determinant is, quadratic forms and the minima of quadratics."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gradproof.derivation import Inference, Theorem
from gradproof.errors import NotDecided
from gradproof.expression import (
    Array,
    Definition,
    Delta,
    Derivative,
    Entry,
    Expr,
    ForAll,
    Index,
    Number,
    OfMatrix,
    Optimum,
    Relation,
    Sum,
    Vector,
    fresh_letter,
    mul,
    names,
)
from gradproof.normal import Normal
from gradproof.propose.algebra import algebra_to
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.matrices import flattened
from gradproof.propose.shapes import split_product
from gradproof.propose.simplify import nodes
from gradproof.rules import RULES

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ZERO, ONE = Number.of(0), Number.of(1)


# -- inverses ---------------------------------------------------------------------------------------------------------


def inverse(proposer: Proposer, left: Expr, right: Expr, name: str, role: str) -> Theorem | None:
    """(M^-1)_ik = B_ik, as M B = I: a square matrix has one inverse."""
    if not isinstance(left, OfMatrix) or left.kind != "inverse" or len(set(left.args)) != 2:
        return None
    i, k = left.args
    if not isinstance(i, Index) or not isinstance(k, Index):
        return None
    bindings = {"m": left.base, "value": right, "i": i, "k": k}
    (premise,) = RULES["right inverse"].premises(**bindings)
    product = premise.open(i).open(k)  # type: ignore[attr-defined]
    try:
        lemma = proposer.equation(product.args[0], product.args[1], f"{name}, the product", "lemma")
    except NotDecided:
        return None
    proposer.theorems[-1] = replace(lemma, over=(i, k))
    by = Inference("right inverse", bindings, (lemma.name,))
    over = tuple(sorted((i, k), key=lambda index: index.name))
    return proposer.add(Theorem(name, Relation.of(left, "=", right), by=by, over=over, role=role))


# -- determinants -----------------------------------------------------------------------------------------------------


def determinants(chain: Chain) -> bool:
    """Every determinant of a diagonal matrix, a multiple, a product or an inverse by those of its parts."""
    changed = False
    for focus in list(nodes(chain.root, OfMatrix)):
        here = focus.term
        if isinstance(here, OfMatrix) and here.kind == "det" and isinstance(here.base, Definition):
            changed = _by_form(focus, here.base) or changed
    return changed


def _by_form(focus: Focus, m: Definition) -> bool:
    i, k = (Index.of(c, n) for c, n in zip(("?i", "?k"), m.shape, strict=True))
    body = m.unfold((i, k))
    signs = focus.chain.signs
    if isinstance(body, OfMatrix) and body.kind == "inverse" and body.args == (i, k):
        focus.rule("determinant of an inverse", m=m, a=body.base)
        return True
    if Normal(signs, None).equal(body, mul(Delta((i, k)), body)):
        focus.rule("determinant of a diagonal matrix", m=m)
        return True
    whole = [f for f in split_product(body) if isinstance(f, Entry) and f.args == (i, k)]
    rest = mul(*(f for f in split_product(body) if f not in whole))
    if len(whole) == 1 and not rest.free & {i, k}:
        focus.rule("determinant of a multiple", m=m, c=rest, a=whole[0].base)
        return True
    if isinstance(body, Sum):
        j = Index.of("?j", body.size)
        pair = split_product(body.open(j))
        first = next((f for f in pair if isinstance(f, Entry) and f.args == (i, j)), None)
        second = next((f for f in pair if isinstance(f, Entry) and f.args == (j, k)), None)
        if first is not None and second is not None and len(pair) == 2:
            focus.rule("determinant of a product", m=m, a=first.base, b=second.base)
            return True
    return False


# -- quadratic forms --------------------------------------------------------------------------------------------------


def quadratic_form(proposer: Proposer, left: Expr, operator: str, right: Expr) -> Chain | None:
    """A sum over i and j of v_i M_ij v_j with M positive semidefinite is at least 0."""
    if operator != ">=" or right != ZERO or not isinstance(left, Sum):
        return None
    chain = Chain(left, proposer.givens)
    indices, factors = flattened(chain.root)
    for entry in factors:
        if not isinstance(entry, Entry | OfMatrix) or len(entry.args) != 2 or not set(entry.args) <= set(indices):
            continue
        i, j = entry.args
        v = mul(*(f for f in factors if i in f.free and f != entry))
        rest = mul(*(f for f in factors if f != entry and not f.free & {i, j}))
        if not isinstance(i, Index) or not isinstance(j, Index) or len(indices) != 2 or rest != ONE:
            continue
        if i.size != j.size:
            continue
        equation = RULES["quadratic form"].equation(entry=entry, i=i, j=j, v=v)
        if algebra_to(chain, equation.args[0]):
            chain.root.rule("quadratic form", relation=">=", entry=entry, i=i, j=j, v=v)
            return chain
    return None


# -- minima of quadratics ---------------------------------------------------------------------------------------------


def quadratic_optimum(proposer: Proposer, goal: Optimum, name: str, role: str) -> Theorem | None:
    """Where the gradient is a positive definite matrix times x - p, its only zero is the optimum."""
    kind, array = goal.data
    f, point = goal.args
    if not isinstance(array, Array) or len(array.shape) != 1 or not isinstance(point, Vector):
        return None
    taken = names(goal)
    found = _curvature(proposer, f, array, taken) if array in f.free else None
    if found is None:
        return None
    c, entry = found
    c = c if kind == "min" else mul(Number.of(-1), c)
    i, j = entry.args
    bindings = {"kind": kind, "f": f, "x": array, "point": point, "entry": entry, "i": i, "j": j, "c": c}
    (premise,) = RULES["minimum of a quadratic"].premises(**bindings)
    assert isinstance(premise, ForAll)
    gradient = premise.open(premise.fresh(taken))
    try:
        lemma = proposer.equation(gradient.args[0], gradient.args[1], f"{name}, the gradient", "lemma")
    except NotDecided:
        return None
    return proposer.add(Theorem(name, goal, by=Inference("minimum of a quadratic", bindings, (lemma.name,)), role=role))


def _curvature(proposer: Proposer, f: Expr, array: Array, taken: set[str]) -> tuple[Expr, Entry | OfMatrix] | None:
    """A factor and the entry of a matrix, whose product is the second derivative, if that is free of the array."""
    k = Index.of(fresh_letter("k", taken), array.shape[0])
    n = Index.of(fresh_letter("l", taken | {k.name}), array.shape[0])
    try:
        line = proposer.towards(Derivative.of(Derivative.of(f, array[k]), array[n]), None).line
    except NotDecided:
        return None
    if array in line.free:
        return None
    normal = Normal(proposer.signs, None)
    here = [e for e in split_product(line) if isinstance(e, Entry | OfMatrix) and set(e.args) == {k, n}]
    for entry in (*here, *(m[k, n] for m in proposer.matrices() if m.shape[0] == k.size)):
        entry = type(entry)((k, n), entry.data)
        factors = [e for e in split_product(line) if not e.free & {k, n}]
        for c in (mul(*factors), *map(Number.of, (1, 2, -1, -2))):
            if normal.equal(line, mul(c, entry)) or normal.equal(line, mul(c, type(entry)((n, k), entry.data))):
                return c, entry
    return None
