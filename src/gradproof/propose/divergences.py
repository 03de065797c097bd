"""Optima over a distribution: the objective is its best value minus (or plus) a multiple of a KL divergence.

The multiple is read off the weights of log q in the objective; the identity is then proved like any other, and Gibbs'
inequality says the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gradproof.derivation import Theorem
from gradproof.errors import NotDecided
from gradproof.expression import Array, Expr, ForAll, Index, Number, Relation, Sum, Vector, mul, power
from gradproof.normal import Normal
from gradproof.propose import bounds
from gradproof.propose.chain import Chain
from gradproof.propose.forms import arranged
from gradproof.propose.identities import all_logs, multiply_out, split_sums
from gradproof.propose.shapes import split_product, split_sum
from gradproof.propose.simplify import nodes, pull_constants
from gradproof.rules.terms import log

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ZERO = Number.of(0)


def bound_and_tightness(
    proposer: Proposer, kind: str, f: Expr, array: Array, point: Vector, value: Expr, name: str
) -> tuple[Theorem, Theorem] | None:
    """f <= value (>= for a minimum) and where they are equal, by a KL divergence; None where it is not one."""
    i = point.fresh({x.name for x in f.free})
    q, p = array[i], point.open(i)
    for scale, left, right in _candidates(proposer, f, i, q, p):
        if not proposer.signs.positive(scale):
            continue
        divergence = Sum.over(i, mul(left, log(left / right)))
        target = value + mul(Number.of(-1 if kind == "max" else 1), scale, divergence)
        mark = len(proposer.theorems)
        chain = Chain(f, proposer.givens)
        try:
            proposer.aim(chain, target)
        except NotDecided:
            del proposer.theorems[mark:]
            continue
        identity = proposer.add(proposer.theorem_of(chain, f"{name}, as a divergence", "lemma"))
        return _conclude(proposer, kind, f, value, scale, divergence, identity, i, q, p, name)
    return None


def _candidates(proposer: Proposer, f: Expr, i: Index, q: Expr, p: Expr) -> Iterator[tuple[Expr, Expr, Expr]]:
    """(scale, a, b) for scale * KL(a || b): from sum w log q, w = scale * q or w = scale * p."""
    trial = Chain(f, proposer.givens)
    for tactic in (all_logs, split_sums, pull_constants, multiply_out):
        tactic(trial)
    normal = Normal(proposer.signs, None)
    for term in split_sum(trial.line):
        sums = [s for s in split_product(term) if isinstance(s, Sum) and s.size == i.size]
        if len(sums) != 1:
            continue
        factors = list(split_product(sums[0].open(i)))
        if log(q) not in factors:
            continue
        factors.remove(log(q))
        outer = mul(*(s for s in split_product(term) if s is not sums[0]), *factors)
        for weight, a, b in ((q, q, p), (p, p, q)):
            ratio = arranged(normal.of(outer * power(weight, Number.of(-1))))
            for scale in (ratio, -ratio):
                if i not in scale.free:
                    yield scale, a, b


def _conclude(
    proposer: Proposer, kind: str, f: Expr, value: Expr, scale: Expr, divergence: Expr, identity: Theorem,
    i: Index, q: Expr, p: Expr, name: str,
) -> tuple[Theorem, Theorem] | None:  # fmt: skip
    statement = identity.statement
    assert isinstance(statement, Relation)
    positive = bounds.by_logarithms(proposer, divergence, ">=", ZERO)
    zero = Relation.of(divergence, "=", ZERO)
    everywhere = ForAll.over(i, Relation.of(q, "=", p))
    tight = bounds.equality_case(proposer, zero, everywhere) if positive else None
    if positive is None or tight is None:
        return None
    gibbs = proposer.add(
        proposer.relation_theorem(positive, Relation.of(divergence, ">=", ZERO), f"{name}, Gibbs", "lemma")
    )
    apart = proposer.add(
        proposer.relation_theorem(tight, Relation.of(zero, "<=>", everywhere), f"{name}, apart", "lemma")
    )
    operator = "<=" if kind == "max" else ">="
    below = Chain(f, proposer.givens)
    below.root.lemma(identity.name, statement)
    below.show()
    place = next(n for n in nodes(below.root, Sum) if n.term == divergence)
    assert isinstance(gibbs.statement, Relation)
    place.lemma(gibbs.name, gibbs.statement, relation=operator)
    below.show(2)
    first = proposer.add(
        proposer.relation_theorem(below, Relation.of(f, operator, value), f"{name}, the bound", "lemma")
    )
    equal = Chain(Relation.of(f, "=", value), proposer.givens)
    equal.root.child(0).lemma(identity.name, statement)
    sign = Number.of(-1 if kind == "max" else 1)
    equal.root.equivalent(Relation.of(mul(sign, scale, divergence), "=", ZERO))
    equal.show()
    factor = mul(sign, power(scale, Number.of(-1)))
    equal.root.rule("scaling a relation", relation="<=>", claim=equal.line, factor=factor)
    equal.root.equivalent(zero)
    equal.show()
    assert isinstance(apart.statement, Relation)
    equal.root.lemma(apart.name, apart.statement, relation="<=>")
    equal.show(2)
    goal = Relation.of(Relation.of(f, "=", value), "<=>", everywhere)
    second = proposer.add(proposer.relation_theorem(equal, goal, f"{name}, where it is attained", "lemma"))
    return first, second
