"""Inequalities, equivalences, optima.

An inequality against a number: simplify until the signs of the declared symbols decide, or bound the logarithms. An
equivalence: turn one side into the other by monotone functions, scaling and algebra. An optimum of a scalar: the only
stationary point of a strictly concave or convex function; of a whole array: a bound that is attained at one point, or
growth away from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gradproof.derivation import Inference, Theorem
from gradproof.errors import NotDecided
from gradproof.expression import (
    Array,
    Derivative,
    Expr,
    ForAll,
    Function,
    Index,
    Mul,
    Number,
    Optimum,
    Relation,
    Sum,
    Symbol,
    Vector,
    add,
    mul,
    power,
    replace_array,
)
from gradproof.normal import Normal
from gradproof.propose import (
    bounds,
    curves,
    divergences,
    equations,
    lemmas,
    means_that_move,
    signed,
    solutions,
    squares,
    tangents,
)
from gradproof.propose.algebra import algebra_to
from gradproof.propose.chain import Chain
from gradproof.propose.identities import all_logs, open_front
from gradproof.propose.shapes import match, mentions, split_product, split_sum
from gradproof.propose.simplify import nodes, pull_constants
from gradproof.rules import RULES

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ZERO, ONE = Number.of(0), Number.of(1)


def claim(proposer: Proposer, goal: Expr, name: str, role: str = "claim") -> Theorem:
    """Prove an inequality, an equivalence or an optimum."""
    if isinstance(goal, Optimum):
        return optimum(proposer, goal, name, role)
    if isinstance(goal, Relation) and goal.operator == "<=>":
        return equivalence(proposer, goal, name, role)
    if isinstance(goal, Relation):
        return inequality(proposer, goal, name, role)
    raise NotDecided(f"no tactic for a claim of this kind: {goal!r}")


# -- inequalities -----------------------------------------------------------------------------------------------------


def inequality(proposer: Proposer, goal: Relation, name: str, role: str) -> Theorem:
    """A chain from the side that is not a number, or from the difference of both."""
    left, right = goal.args
    operator = goal.operator
    if isinstance(left, Number) and not isinstance(right, Number):
        left, right, operator = right, left, Relation.FLIPPED[operator]
    for attempt in DIRECT:
        chain = attempt(proposer, left, operator, right)
        if chain is not None:
            chain.show(2)
            return proposer.add(proposer.relation_theorem(chain, goal, name, role))
    for conclude_by in CONCLUDING:
        found = conclude_by(proposer, goal, name, role)
        if found is not None:
            return found
    raise NotDecided(f"no proof found of {goal!r}")


def by_earlier_claim(proposer: Proposer, left: Expr, operator: str, right: Expr) -> Chain | None:
    """Rewrite by an equation proved before, then by the signs."""
    for t in proposer.theorems:
        s = t.statement
        if (
            isinstance(s, Relation)
            and s.operator == "="
            and s.args[0] == left
            and proposer.signs.holds(Relation.of(s.args[1], operator, right))
        ):
            chain = Chain(left, proposer.givens)
            chain.root.lemma(t.name, s, (), ())
            chain.root.record("sign", {"to": right}, right, relation=operator)
            return chain
    return None


def by_signs(proposer: Proposer, left: Expr, operator: str, right: Expr) -> Chain | None:
    if not isinstance(right, Number):
        return None
    goal = (operator, right)
    if mentions(left, Derivative):
        lemmas.derivative_lemmas(proposer, left)
    chain = Chain(left, proposer.givens)
    for stage in (open_front, proposer.differentiated, proposer.simplified, proposer.print_form):
        stage(chain)
        if proposer.signs.holds(Relation.of(chain.line, *goal)):
            chain.show()
            chain.root.record("sign", {"to": right}, right, relation=operator)
            return chain
    return None


def by_givens(proposer: Proposer, left: Expr, operator: str, right: Expr) -> Chain | None:
    """Put the bound that a given states wherever its left side stands, then algebra."""
    for number, g in enumerate(proposer.givens):
        if g.relation.operator not in ("<=", ">=") or g.apart or isinstance(g.relation.args[1], Number):
            continue
        chain = Chain(left, proposer.givens)
        low = g.relation.args[0]
        found = [(f, match(low, f.term, g.over)) for f in nodes(chain.root, type(low))]
        for focus, values in found:
            upwards = g.relation.operator == operator
            if values is not None and bounds.polarity(focus, proposer) == (not upwards):
                focus.given(number, values, relation=operator)
        if chain.steps and _finished(chain, right):
            return chain
    return None


def by_one_term(proposer: Proposer, left: Expr, operator: str, right: Expr) -> Chain | None:
    """A sum of nonnegative terms is at least the one that the other side is about."""
    for start, end, relation in ((left, right, operator), (right, left, Relation.FLIPPED[operator])):
        if relation != ">=":
            continue
        for at in [i for i in end.free if isinstance(i, Index)]:
            chain = Chain(start, proposer.givens)
            for focus in [f for f in nodes(chain.root, Sum) if f.term.args[0] == at.size]:
                index = focus.term.fresh()  # type: ignore[attr-defined]
                body = focus.term.open(index)  # type: ignore[attr-defined]
                if proposer.signs.nonnegative(body) and bounds.polarity(focus, proposer) is False:
                    focus.rule("one term of a sum", relation=relation, body=body, index=index, at=at)
                    break
            if chain.steps and _finished(chain, end):
                return chain
    return None


def _finished(chain: Chain, right: Expr) -> bool:
    chain.show()
    for tactic in (pull_constants, all_logs):
        if tactic(chain):
            chain.show()
    return chain.line == right or algebra_to(chain, right)


DIRECT = (
    by_earlier_claim, by_signs, by_givens, by_one_term, solutions.quadratic_form, bounds.by_logarithms,
    bounds.by_ranges, tangents.by_tangent, squares.by_lemmas, signed.by_signed_form, squares.by_exponentials,
    means_that_move.by_jensen,
)  # fmt: skip


def by_difference(proposer: Proposer, goal: Relation, name: str, role: str) -> Theorem | None:
    """a >= b where a - b >= 0."""
    left, right = goal.args
    gap = Relation.of(left - right, goal.operator, ZERO)
    for attempt in (by_known_parts, signed.by_signed_form, bounds.by_logarithms, tangents.by_tangent):
        chain = attempt(proposer, gap.args[0], goal.operator, ZERO)
        if chain is not None:
            chain.show(2)
            lemma = proposer.add(proposer.relation_theorem(chain, gap, f"{name}, the difference", "lemma"))
            rule = "sign of the difference"
            return conclude(proposer, rule, goal, (lemma.name,), name, role, a=left, b=right, claim=goal)
    return None


CONCLUDING = (squares.by_roots, squares.cauchy_schwarz, curves.by_instance, by_difference, curves.by_curvature)


def by_known_parts(proposer: Proposer, left: Expr, operator: str, right: Expr) -> Chain | None:
    """The difference by an equation proved before, whose parts have signs that were proved before."""
    normal = Normal(proposer.signs)
    for t in [t for t in proposer.theorems if isinstance(t.statement, Relation) and t.statement.operator == "="]:
        known = t.statement.args[0]
        for sign_ in (ONE, Number.of(-1)):
            scaled = mul(sign_, known)
            if not normal.equal(left, scaled):
                continue
            chain = Chain(left, proposer.givens)
            chain.root.algebra(scaled)
            place = chain.root if sign_ == ONE else chain.root.child(1)
            place.lemma(t.name, t.statement)  # type: ignore[arg-type]
            chain.show()
            _use_bounds(proposer, chain, operator)
            if chain.line == right or algebra_to(chain, right):
                return chain
    return None


def _use_bounds(proposer: Proposer, chain: Chain, operator: str) -> None:
    """Put the bounds proved before for the terms that they bound."""
    for t in proposer.theorems:
        s = t.statement
        if not isinstance(s, Relation) or s.operator not in ("<=", ">="):
            continue
        for focus in [f for f in nodes(chain.root, type(s.args[0])) if f.term == s.args[0]]:
            if focus.alive and bounds.polarity(focus, proposer) == (s.operator != operator):
                focus.lemma(t.name, s, relation=operator)
                break
    chain.show()


# -- equivalences -----------------------------------------------------------------------------------------------------


def equivalence(proposer: Proposer, goal: Relation, name: str, role: str) -> Theorem:
    left, right = goal.args
    found = bounds.equality_case(proposer, left, right) or equations.monotone(proposer, left, right)
    if found is None:
        raise NotDecided(f"no proof found of the equivalence {goal!r}")
    found.show(2)
    return proposer.add(proposer.relation_theorem(found, goal, name, role))


# -- optima -----------------------------------------------------------------------------------------------------------


def optimum(proposer: Proposer, goal: Optimum, name: str, role: str) -> Theorem:
    kind, variable = goal.data
    if isinstance(variable, Symbol):
        return scalar_optimum(proposer, kind, goal.args[0], variable, goal.args[1], name, role)
    return array_optimum(proposer, goal, name, role)


def conclude(
    proposer: Proposer, rule: str, statement: Expr, premises: tuple[str, ...], name: str, role: str, **bindings: object
) -> Theorem:
    return proposer.add(Theorem(name, statement, by=Inference(rule, bindings, premises), role=role))


def scalar_optimum(proposer: Proposer, kind: str, f: Expr, x: Symbol, point: Expr, name: str, role: str) -> Theorem:
    goal = Optimum((f, point), (kind, x))
    known = next((t for t in proposer.theorems if t.statement == goal), None)
    if known is not None and role == "lemma":
        return known
    if isinstance(f, Mul) and isinstance(f.args[0], Number) and f.args[0].value == -1:
        inner = mul(*f.args[1:])
        other = "min" if kind == "max" else "max"
        first = scalar_optimum(proposer, other, inner, x, point, f"{name}, without the sign", "lemma")
        return conclude(
            proposer,
            "negation swaps maximum and minimum",
            goal,
            (first.name,),
            name,
            role,
            kind=kind,
            f=inner,
            x=x,
            point=point,
        )
    if not isinstance(f, Function) and proposer.signs.positive(f):
        g = Function((f,), ("log",))
        first = scalar_optimum(proposer, kind, g, x, point, f"{name}, of the log", "lemma")
        return conclude(
            proposer, "log keeps the optimum", goal, (first.name,), name, role, kind=kind, f=f, x=x, point=point
        )
    opened = Chain(f, proposer.givens)
    if all_logs(opened):
        opened.show()
        proposer.simplify(opened)
        summed = opened.line
        same = proposer.add(proposer.theorem_of(opened, f"{name}, the function", "lemma"))
        first = stationary(proposer, kind, summed, x, point, f"{name}, of the sum")
        assert isinstance(same.statement, Relation)
        return conclude(
            proposer, "equal functions have equal optima", goal, (first.name, same.name), name, role,
            kind=kind, f=summed, g=f, x=x, point=point,
        )  # fmt: skip
    return stationary(proposer, kind, f, x, point, name, role)


def stationary(
    proposer: Proposer, kind: str, f: Expr, x: Symbol, point: Expr, name: str, role: str = "lemma"
) -> Theorem:
    """The derivative vanishes at the point only, and the second derivative has one sign."""
    first = Derivative.of(f, x)
    zero = Relation.of(first, "=", ZERO)
    solved = equations.solve(proposer, zero, x, point)
    if solved is None:
        raise NotDecided(f"the stationary point of {f!r} was not found to be {point!r}")
    solved.show(2)
    goal = Relation.of(zero, "<=>", Relation.of(x, "=", point))
    one = proposer.add(proposer.relation_theorem(solved, goal, f"{name}, stationary point", "lemma"))
    curved = Relation.of(Derivative.of(first, x), "<" if kind == "max" else ">", ZERO)
    two = inequality(proposer, curved, f"{name}, second derivative", "lemma")
    statement = Optimum((f, point), (kind, x))
    return conclude(
        proposer, "stationary point of a concave function", statement, (one.name, two.name), name, role,
        kind=kind, f=f, x=x, point=point,
    )  # fmt: skip


def by_growth(proposer: Proposer, goal: Optimum, name: str, role: str) -> Theorem | None:
    """By an equation proved before: the best value, a multiple of the squared distance, and what is not negative."""
    kind, array = goal.data
    f, point = goal.args
    assert isinstance(point, Vector)
    for t in proposer.theorems:
        s = t.statement
        if not isinstance(s, Relation) or s.operator != "=" or s.args[0] != f:
            continue
        for weight, rest in _parts_of_growth(s.args[1], point, array):
            bindings = {"kind": kind, "f": f, "x": array, "point": point, "weight": weight, "rest": rest}
            if RULES["quadratic growth"].premises(**bindings) == (s,) and proposer.signs.nonnegative(rest):
                return conclude(proposer, "quadratic growth", goal, (t.name,), name, role, **bindings)
    return None


def _parts_of_growth(e: Expr, point: Vector, array: Array) -> Iterator[tuple[Expr, Expr]]:
    """The weight of a squared distance to the point, and what stands behind it."""
    i = point.fresh({x.name for x in e.free})
    distance = Sum.over(i, power(array[i] - point.open(i), Number.of(2)))
    for n, term in enumerate(split_sum(e)):
        if distance in split_product(term):
            weight = mul(*(f for f in split_product(term) if f != distance))
            rest = add(*split_sum(e)[n + 1 :])
            yield from ((weight, rest), (-weight, -rest))


def array_optimum(proposer: Proposer, goal: Optimum, name: str, role: str) -> Theorem:
    kind, array = goal.data
    f, point = goal.args
    assert isinstance(point, Vector)
    if theorem := solutions.quadratic_optimum(proposer, goal, name, role):
        return theorem
    value = replace_array(f, array, point)
    operator = "<=" if kind == "max" else ">="
    grown = by_growth(proposer, goal, name, role)
    if grown is not None:
        return grown
    found = divergences.bound_and_tightness(proposer, kind, f, array, point, value, name)
    if found is None:
        i = point.fresh({x.name for x in f.free})
        same = ForAll.over(i, Relation.of(array[i], "=", point.open(i)))
        tight = Relation.of(Relation.of(f, "=", value), "<=>", same)
        found = (
            inequality(proposer, Relation.of(f, operator, value), f"{name}, the bound", "lemma"),
            equivalence(proposer, tight, f"{name}, where it is attained", "lemma"),
        )
    bound, tight_at = found
    return conclude(
        proposer, "attained bound", goal, (bound.name, tight_at.name), name, role,
        kind=kind, f=f, x=array, point=point, bound=value,
    )  # fmt: skip
