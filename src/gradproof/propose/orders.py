"""Inequalities, equivalences, optima.

An inequality against a number: simplify until the signs of the declared symbols decide, or bound the logarithms. An
equivalence: turn one side into the other by monotone functions, scaling and algebra. An optimum of a scalar: the only
stationary point of a strictly concave or convex function; of a whole array: a bound that is attained at one point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradproof.derivation import Inference, Theorem
from gradproof.errors import NotDecided
from gradproof.expression import (
    Derivative,
    Expr,
    ForAll,
    Function,
    Mul,
    Number,
    Optimum,
    Relation,
    Symbol,
    Vector,
    mul,
    replace_array,
)
from gradproof.propose import bounds, divergences, equations, lemmas
from gradproof.propose.chain import Chain
from gradproof.propose.identities import all_logs
from gradproof.propose.shapes import mentions

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
    for attempt in (by_earlier_claim, by_signs, bounds.by_logarithms):
        chain = attempt(proposer, left, operator, right)
        if chain is not None:
            chain.show(2)
            return proposer.add(proposer.relation_theorem(chain, goal, name, role))
    found = by_difference(proposer, goal, name, role)
    if found is None:
        raise NotDecided(f"no proof found of {goal!r}")
    return found


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
    for stage in (proposer.open_front, proposer.differentiated, proposer.simplified, proposer.print_form):
        stage(chain)
        if proposer.signs.holds(Relation.of(chain.line, *goal)):
            chain.show()
            chain.root.record("sign", {"to": right}, right, relation=operator)
            return chain
    return None


def by_difference(proposer: Proposer, goal: Relation, name: str, role: str) -> Theorem | None:
    """a >= b where a - b >= 0."""
    left, right = goal.args
    gap = Relation.of(left - right, goal.operator, ZERO)
    chain = bounds.by_logarithms(proposer, gap.args[0], goal.operator, ZERO)
    if chain is None:
        return None
    chain.show(2)
    lemma = proposer.add(proposer.relation_theorem(chain, gap, f"{name}, the difference", "lemma"))
    rule = "sign of the difference"
    return conclude(proposer, rule, goal, (lemma.name,), name, role, a=left, b=right, claim=goal)


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


def array_optimum(proposer: Proposer, goal: Optimum, name: str, role: str) -> Theorem:
    kind, array = goal.data
    f, point = goal.args
    assert isinstance(point, Vector)
    value = replace_array(f, array, point)
    operator = "<=" if kind == "max" else ">="
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
