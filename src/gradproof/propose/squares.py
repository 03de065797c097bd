"""Cauchy and Schwarz, by Lagrange's identity; bounds proved before, put where they fit; roots by their squares."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.derivation import Inference, Theorem
from gradproof.expression import Expr, Function, Index, Number, Pow, Relation, Sum, mul, power
from gradproof.normal import Normal
from gradproof.propose import bounds
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.curves import by_gap, sides
from gradproof.propose.identities import open_front
from gradproof.propose.shapes import match, split_product
from gradproof.propose.simplify import cancel, nodes

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ZERO, TWO, HALF = Number.of(0), Number.of(2), Number.of(Fraction(1, 2))
MOST = 12  # lemmas put in one chain
ASKED = {f"lemma {n}" for n in range(1, MOST)}  # those that the statement names


def cauchy_schwarz(proposer: Proposer, goal: Relation, name: str, role: str) -> Theorem | None:
    """(sum a)^2 <= sum v sum w where a^2 = v w and v > 0: the difference is half a double sum of squares."""
    found = sides(goal)
    if found is None or not isinstance(found[1], Pow) or found[1].args[1] != TWO:
        return None
    (larger, smaller), total = found, found[1].args[0]
    factors = split_product(larger)
    if not isinstance(total, Sum) or len(factors) != 2:
        return None
    for first, second in (factors, factors[::-1]):
        chain = Chain(larger - smaller, proposer.givens)
        _magnitudes(chain)
        if isinstance(first, Sum) and isinstance(second, Sum) and _lagrange(proposer, chain, total, first):
            gap = Relation.of(larger - smaller, ">=", ZERO)
            lemma = proposer.add(proposer.relation_theorem(chain, gap, f"{name}, the difference", "lemma"))
            return by_gap(proposer, goal, lemma, name, role)
    return None


def _magnitudes(chain: Chain) -> None:
    """u^2 becomes |u|^2 where |u| stands in the line."""
    inside = {f.term.args[0] for f in nodes(chain.root, Function) if f.term.data == ("abs",)}
    for focus in list(nodes(chain.root, Pow)):
        if focus.term.args[1] == TWO and focus.term.args[0] in inside:
            focus.rule("square of a magnitude", backwards=True, u=focus.term.args[0])
    chain.show()


def _lagrange(proposer: Proposer, chain: Chain, total: Sum, weights: Sum) -> bool:
    if total.size != weights.size:
        return False
    i = Index.of(chain.letter(total.hint), total.size)
    j = Index.of(chain.letter("j", (i.name,)), total.size)
    a, v = total.open, weights.open
    if not proposer.signs.positive(v(i)):
        return False
    square = power(a(i) / v(i) - a(j) / v(j), TWO)
    target = mul(HALF, Sum.over(i, Sum.over(j, mul(v(i), v(j), square))))
    if not Normal(proposer.signs).equal(chain.line, target):
        return False
    chain.root.algebra(target, reason="Lagrange's identity")
    chain.show()
    if not proposer.signs.holds(Relation.of(target, ">=", ZERO)):
        return False
    chain.root.record("sign", {"to": ZERO}, ZERO, relation=">=")
    chain.show(2)
    return True


def by_lemmas(proposer: Proposer, left: Expr, operator: str, right: Expr) -> Chain | None:
    """Put what the statement's lemmas say for the terms that they are about."""
    if operator not in ("<=", ">="):
        return None
    for start, end, relation in ((left, right, operator), (right, left, Relation.FLIPPED[operator])):
        chain = Chain(start, proposer.givens)
        open_front(chain)
        cancel(chain)
        chain.show()
        asked = [t for t in proposer.theorems if t.role == "claim" or t.name in ASKED]
        used = 0
        while used < MOST and any(_apply(proposer, chain, t, relation) for t in asked):
            used += 1
        if not used:
            continue
        if bounds.arrives(proposer, chain, relation, end):
            return chain
        bounds.expand(proposer, chain)
        if bounds.arrives(proposer, chain, relation, end):
            return chain
    return None


def _apply(proposer: Proposer, chain: Chain, t: Theorem, relation: str) -> bool:
    s = t.statement
    if not isinstance(s, Relation) or s.operator not in ("=", "<=", ">="):
        return False
    for backwards, says in ((False, s), (True, s.flipped)):
        if backwards and s.operator == "=":
            continue
        for focus in nodes(chain.root, type(says.args[0])):
            values = match(says.args[0], focus.term, t.over)
            if values is None or not _fits(proposer, focus, says.operator, relation):
                continue
            rel = "=" if s.operator == "=" else relation
            focus.lemma(t.name, s, t.over, values, backwards=backwards, relation=rel)
            chain.show()
            return True
    return False


def _fits(proposer: Proposer, focus: Focus, operator: str, relation: str) -> bool:
    if operator == "=":
        return True
    return bounds.polarity(focus, proposer) == (operator != relation)


def by_roots(proposer: Proposer, goal: Relation, name: str, role: str) -> Theorem | None:
    """a <= sqrt(b) where a^2 <= b."""
    left, right = goal.args
    for a, b, operator in ((left, right, goal.operator), (right, left, Relation.FLIPPED[goal.operator])):
        if not (isinstance(b, Pow) and b.args[1] == HALF) or not proposer.signs.nonnegative(a):
            continue
        wanted = Relation.of(power(a, TWO), operator, b.args[0])
        squared = next((t for t in proposer.theorems if t.statement.states(wanted)), None)
        if squared is None:
            from gradproof.propose.orders import inequality

            squared = inequality(proposer, wanted, f"{name}, squared", "lemma")
        chain = Chain(power(a, TWO), proposer.givens)
        chain.root.lemma(squared.name, wanted, relation=operator)
        chain.root.rule("square of a root", backwards=True, a=b.args[0])
        chain.show(2)
        final = Relation.of(power(a, TWO), operator, power(b, TWO))
        lemma = proposer.add(proposer.relation_theorem(chain, final, f"{name}, of squares", "lemma"))
        bindings = {"a": a, "b": b, "r": TWO, "claim": Relation.of(a, operator, b)}
        return proposer.add(Theorem(name, goal, by=Inference("comparing powers", bindings, (lemma.name,)), role=role))
    return None
