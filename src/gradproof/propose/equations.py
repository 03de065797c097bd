"""Solving for a stationary point, and order under monotone functions: chains of equivalent propositions."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.expression import Add, Expr, Number, Relation, Symbol, add, definitions, mul, power
from gradproof.normal import Normal, Polynomial
from gradproof.propose.chain import Chain
from gradproof.propose.differentiate import differentiate
from gradproof.propose.forms import arranged, textbook
from gradproof.propose.identities import all_logs
from gradproof.propose.shapes import positives_first
from gradproof.signs import Signs

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ZERO = Number.of(0)


def solve(proposer: Proposer, equation: Relation, x: Symbol, point: Expr) -> Chain | None:
    """derivative = 0, to x = point: differentiate, clear the denominators, divide by the coefficient of x."""
    chain = Chain(equation, proposer.givens)
    differentiate(chain, proposer.lemmas)
    proposer.simplify(chain)
    normal = Normal(proposer.signs)
    p = normal.of(chain.line.args[0])
    factor = denominators(p, x, proposer.signs)
    if factor != mul():
        chain.root.rule("scaling a relation", relation="<=>", claim=chain.line, factor=factor)
        chain.show()
        chain.root.child(0).algebra(textbook(chain.line.args[0], proposer.signs), reason="multiply out")
        chain.show()
        p = normal.of(chain.line.args[0])
    slope = linear_coefficient(p, x)
    if slope is None or not proposer.signs.nonzero(slope):
        return None
    target = Relation.of(x, "=", point)
    gap, want = mul(power(slope, Number.of(-1)), chain.line.args[0]), add(x, -point)
    names = tuple(d.name for d in definitions(point))
    if not Normal(proposer.signs, names).equal(gap, want):
        return None
    chain.root.rule("scaling a relation", relation="<=>", claim=chain.line, factor=power(slope, Number.of(-1)))
    chain.root.equivalent(target, names, reason=("solve for ", x))
    return chain


def denominators(p: Polynomial, x: Symbol, signs: Signs) -> Expr:
    """The product of all that stands below the line and depends on x."""
    deepest: dict[Expr, Fraction] = {}
    for m in p:
        for atom, e in m:
            if e < 0 and x in atom.free and (atom == x or isinstance(atom, Add)):
                deepest[atom] = min(e, deepest.get(atom, Fraction(0)))
    return mul(*(power(_natural(a, signs), Number.of(-e)) for a, e in deepest.items()))


def _natural(a: Expr, signs: Signs) -> Expr:
    """1 - x rather than x - 1, where that is positive."""
    return (
        positives_first(add(*(-t for t in a.args)))
        if isinstance(a, Add) and signs.positive(add(*(-t for t in a.args)))
        else a
    )


def linear_coefficient(p: Polynomial, x: Symbol) -> Expr | None:
    """The coefficient of x in a polynomial that is linear in it."""
    found: Polynomial = {}
    for m, c in p.items():
        here = dict(m)
        n = here.pop(x, Fraction(0))
        if any(x in a.free for a in here) or n not in (0, 1):
            return None
        if n == 1:
            found[tuple((a, e) for a, e in m if a != x)] = c
    return arranged(found) if found else None


def monotone(proposer: Proposer, left: Expr, right: Expr) -> Chain | None:
    """a > b by log or exp of both sides."""
    for start, end in ((right, left), (left, right)):
        if not (isinstance(start, Relation) and isinstance(end, Relation)):
            return None
        for rule in ("log is increasing", "exp is increasing"):
            if chain := _monotone(proposer, start, end, rule):
                return chain
    return None


def _monotone(proposer: Proposer, start: Relation, end: Relation, rule: str) -> Chain | None:
    a, b = start.args
    if rule == "log is increasing" and not (proposer.signs.positive(a) and proposer.signs.positive(b)):
        return None
    chain = Chain(start, proposer.givens)
    chain.root.rule(rule, relation="<=>", a=a, b=b, claim=start)
    chain.show()
    if all_logs(chain):
        chain.show()
    names = tuple(d.name for d in definitions(Relation.of(start.args[0] + start.args[1], "=", end.args[0])))
    gap = chain.line.args[0] - chain.line.args[1]
    normal = Normal(proposer.signs, names)
    if (
        isinstance(chain.line, Relation)
        and chain.line.operator == end.operator
        and normal.equal(gap, end.args[0] - end.args[1])
    ):
        chain.root.equivalent(end, names, reason="the same number on both sides")
        return chain
    return None
