"""Cauchy and Schwarz, by Lagrange's identity; bounds proved before, put where they fit; roots by their squares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.derivation import Inference, Theorem
from gradproof.errors import NotDecided
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

ZERO, ONE, TWO, HALF = Number.of(0), Number.of(1), Number.of(2), Number.of(Fraction(1, 2))
TITLE = "Cauchy and Schwarz"
MOST = 12  # lemmas put in one chain
ASKED = {f"lemma {n}" for n in range(1, MOST)}  # those that the statement names


def cauchy_schwarz(proposer: Proposer, goal: Relation, name: str, role: str) -> Theorem | None:
    """(sum a)^2 <= sum v sum w where a^2 = v w and v > 0: the difference is half a double sum of squares."""
    found = sides(goal)
    if found is None:
        return None
    for total, first, second, scale in _readings(proposer, *found):
        wide = mul(scale, mul(first, second) - power(total, TWO))
        chain = Chain(found[0] - found[1], proposer.givens)
        if not Normal(proposer.signs).equal(chain.line, wide) and not _widened(proposer, chain, wide, name):
            continue
        _magnitudes(chain)
        if _lagrange(proposer, chain, total, first, scale):
            gap = Relation.of(found[0] - found[1], ">=", ZERO)
            known = proposer.relation_theorem(chain, gap, f"{name}, the difference", "lemma")
            lemma = proposer.add(replace(known, title=TITLE))
            return by_gap(proposer, goal, lemma, name, role)
    return None


def _readings(proposer: Proposer, larger: Expr, smaller: Expr) -> Iterator[tuple[Sum, Sum, Sum, Expr]]:
    """(sum a, sum v, sum w, scale) for scale (sum a)^2 and scale (sum v) (sum w); what sums to one may be left out."""
    units = [
        g.relation.args[0] for g in proposer.givens
        if g.relation.operator == "=" and g.relation.args[1] == ONE and not g.over and not g.apart
    ]  # fmt: skip
    above, below = split_product(larger), split_product(smaller)
    squares = [f.args[0] for f in below if isinstance(f, Pow) and f.args[1] == TWO]
    weights = [f.args[0] for f in below if isinstance(f, Pow) and f.args[1] == Number.of(-1)]
    rows: list[tuple[Expr, Expr, Expr, Expr]] = []
    if len(above) == 2:
        rows += [(t, *pair, ONE) for t in (squares or units) for pair in (above, above[::-1])]
    if len(above) == 1:
        rows += [(t, v, larger, ONE / v) for t in squares for v in weights]
        rows += [(t, v, larger, ONE) for t in squares for v in units if not weights]
    for total, first, second, scale in rows:
        if isinstance(total, Sum) and isinstance(first, Sum) and isinstance(second, Sum):
            yield total, first, second, scale


def _widened(proposer: Proposer, chain: Chain, wide: Expr, name: str) -> bool:
    """Put the wide form, with the sums that are 1, for the line, by a lemma."""
    short = Chain(wide, proposer.givens)
    proposer.simplify(short)
    if not short.steps or short.line != chain.line:
        return False
    same = proposer.add(proposer.theorem_of(short, f"{name}, without weights", "lemma"))
    chain.root.lemma(same.name, same.statement, backwards=True)  # type: ignore[arg-type]
    chain.show()
    return True


def _magnitudes(chain: Chain) -> None:
    """u^2 becomes |u|^2 where |u| stands in the line."""
    inside = {f.term.args[0] for f in nodes(chain.root, Function) if f.term.data == ("abs",)}
    for focus in list(nodes(chain.root, Pow)):
        if focus.term.args[1] == TWO and focus.term.args[0] in inside:
            focus.rule("square of a magnitude", backwards=True, u=focus.term.args[0])
    chain.show()


def _lagrange(proposer: Proposer, chain: Chain, total: Sum, weights: Sum, scale: Expr) -> bool:
    if total.size != weights.size:
        return False
    i = Index.of(chain.letter(total.hint), total.size)
    j = Index.of(chain.letter("j", (i.name,)), total.size)
    a, v = total.open, weights.open
    if not proposer.signs.positive(v(i)):
        return False
    square = power(a(i) / v(i) - a(j) / v(j), TWO)
    target = mul(HALF, scale, Sum.over(i, Sum.over(j, mul(v(i), v(j), square))))
    if not Normal(proposer.signs).equal(chain.line, target):
        return False
    chain.root.algebra(target, reason="Lagrange's identity")
    chain.show()
    if not proposer.signs.holds(Relation.of(target, ">=", ZERO)):
        return False
    chain.root.record("sign", {"to": ZERO}, ZERO, relation=">=")
    chain.show(2)
    return True


def by_exponentials(proposer: Proposer, left: Expr, operator: str, right: Expr) -> Chain | None:
    """e^a <= b where a <= log b."""
    for start, end, relation in ((left, right, operator), (right, left, Relation.FLIPPED[operator])):
        if not (isinstance(start, Function) and start.name == "exp" and proposer.signs.positive(end)):
            continue
        goal = Relation.of(start.args[0], relation, Function((end,), ("log",)))
        kept = len(proposer.theorems)
        try:
            known = proposer.inequality(goal, "bound of the exponent", "lemma")
        except NotDecided:
            del proposer.theorems[kept:]
            continue
        chain = Chain(start, proposer.givens)
        chain.root.child(0).lemma(known.name, goal, relation=relation)
        chain.show()
        chain.root.rule("exp of log", a=end)
        return chain
    return None


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
    """a <= sqrt(b) where a^2 <= b; that b is not negative may be known from a claim before."""
    left, right = goal.args
    for a, b, operator in ((left, right, goal.operator), (right, left, Relation.FLIPPED[goal.operator])):
        if not (isinstance(b, Pow) and b.args[1] == HALF) or not proposer.signs.nonnegative(a):
            continue
        known = () if proposer.signs.undefined(b) is None else tuple(_comparisons(proposer))
        signs = proposer.signs.knowing(tuple(t.as_given() for t in known))
        if not signs.nonnegative(b.args[0]):
            continue
        wanted = Relation.of(power(a, TWO), operator, b.args[0])
        squared = next((t for t in proposer.theorems if t.statement == wanted), None)
        if squared is None:
            squared = proposer.inequality(wanted, f"{name}, squared", "lemma")
        chain = Chain(power(a, TWO), proposer.givens)
        chain.root.lemma(squared.name, wanted, relation=operator)
        chain.root.rule("square of a root", backwards=True, a=b.args[0])
        chain.show(2)
        final = Relation.of(power(a, TWO), operator, power(b, TWO))
        bounds_used = tuple(t.name for t in known)
        lemma = proposer.relation_theorem(chain, final, f"{name}, of squares", "lemma")
        proposer.add(replace(lemma, bounds=bounds_used))
        bindings = {"a": a, "b": b, "r": TWO, "claim": Relation.of(a, operator, b)}
        by = Inference("comparing powers", bindings, (lemma.name,))
        return proposer.add(Theorem(name, goal, by=by, role=role, bounds=bounds_used))
    return None


def _comparisons(proposer: Proposer) -> Iterator[Theorem]:
    """The claims and named lemmas proved so far that compare with 0."""
    for t in proposer.theorems:
        s = t.statement
        asked = t.role == "claim" or t.name in ASKED
        if asked and isinstance(s, Relation) and s.operator in ("<", "<=", ">", ">=") and s.args[1] == ZERO:
            yield t
