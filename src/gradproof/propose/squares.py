"""Cauchy and Schwarz, by Lagrange's identity; bounds proved before, put where they fit; roots by their squares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.derivation import Inference, Theorem
from gradproof.errors import NotDecided
from gradproof.expression import Expr, Function, Index, Number, Pow, Relation, Sum, mul, power
from gradproof.normal import Normal, Polynomial, TooLarge
from gradproof.propose import bounds
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.curves import by_gap, sides
from gradproof.propose.forms import Folded, arranged, textbook
from gradproof.propose.identities import open_front
from gradproof.propose.shapes import match, split_product
from gradproof.propose.simplify import cancel, nodes

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ZERO, TWO, HALF = Number.of(0), Number.of(2), Number.of(Fraction(1, 2))
TITLE = "Cauchy and Schwarz"
MOST = 12  # lemmas put in one chain
ASKED = {f"lemma {n}" for n in range(1, MOST)}  # those that the statement names


def cauchy_schwarz(proposer: Proposer, goal: Relation, name: str, role: str) -> Theorem | None:
    """(sum a)^2 <= sum v sum w where a^2 = v w and v > 0: the difference is half a double sum of squares."""
    found = sides(goal)
    if found is None or not isinstance(found[1], Pow) or found[1].args[1] != TWO:
        return None
    (larger, smaller), total = found, found[1].args[0]
    factors = split_product(larger)
    if not isinstance(total, Sum):
        return None
    if isinstance(larger, Sum):
        return _of_means(proposer, goal, larger, total, name, role)
    if len(factors) != 2:
        return None
    for first, second in (factors, factors[::-1]):
        chain = Chain(larger - smaller, proposer.givens)
        _magnitudes(chain)
        if isinstance(first, Sum) and isinstance(second, Sum) and _lagrange(proposer, chain, total, first):
            gap = Relation.of(larger - smaller, ">=", ZERO)
            known = proposer.relation_theorem(chain, gap, f"{name}, the difference", "lemma")
            lemma = proposer.add(replace(known, title=TITLE))
            return by_gap(proposer, goal, lemma, name, role)
    return None


def _of_means(proposer: Proposer, goal: Relation, larger: Sum, total: Sum, name: str, role: str) -> Theorem | None:
    """The square of a mean is at most the mean of the squares: the weights sum to one, which is given."""
    for g in proposer.givens:
        weights = g.relation.args[0]
        if g.over or g.apart or g.relation.operator != "=" or not isinstance(weights, Sum):
            continue
        chain = Chain(mul(weights, larger) - power(total, TWO), proposer.givens)
        if not _lagrange(proposer, chain, total, weights):
            continue
        positive = Relation.of(chain.start, ">=", ZERO)
        wide = proposer.relation_theorem(chain, positive, f"{name}, with weights", "lemma")
        proposer.add(replace(wide, title=TITLE))
        short = Chain(chain.start, proposer.givens)
        proposer.simplify(short)
        if short.line != larger - power(total, TWO):
            return None
        same = proposer.add(proposer.theorem_of(short, f"{name}, without weights", "lemma"))
        back = Chain(short.line, proposer.givens)
        back.root.lemma(same.name, same.statement, backwards=True)  # type: ignore[arg-type]
        back.root.lemma(wide.name, wide.statement, relation=">=")  # type: ignore[arg-type]
        back.show(2)
        gap = Relation.of(short.line, ">=", ZERO)
        lemma = proposer.add(proposer.relation_theorem(back, gap, f"{name}, the difference", "lemma"))
        return by_gap(proposer, goal, lemma, name, role)
    return None


def completed(proposer: Proposer, e: Expr) -> Expr | None:
    """A quadratic in one of its atoms as a multiple of a square and a rest, neither of them negative."""
    normal = Folded(proposer.signs)
    try:
        p = normal.of(e)
        for a, n in dict.fromkeys((a, abs(n) * (1 if n > 0 else -1)) for m in p for a, n in m):
            rows: dict[Fraction, Polynomial] = {}
            for m, c in p.items():
                rows.setdefault(dict(m).get(a, Fraction(0)), {})[tuple(f for f in m if f[0] != a)] = c
            if set(rows) - {Fraction(0), n, 2 * n} or 2 * n not in rows:
                continue
            found = _square(
                proposer, e, power(a, Number.of(n)), *(arranged(rows.get(k, {})) for k in (0 * n, n, 2 * n))
            )
            if found is not None:
                return found
    except (TooLarge, RecursionError):
        return None
    return None


def _square(proposer: Proposer, e: Expr, a: Expr, free: Expr, linear: Expr, square: Expr) -> Expr | None:
    if not proposer.signs.positive(square):
        return None
    normal = Normal(proposer.signs)
    shift = textbook(linear / (2 * square), proposer.signs)
    rest = textbook(free - linear**2 / (4 * square), proposer.signs)
    found = mul(square, power(a + shift, TWO)) + rest
    known = proposer.signs.undefined(found) is None and proposer.signs.holds(Relation.of(found, ">=", ZERO))
    return found if known and normal.equal(e, found) else None


def by_square(proposer: Proposer, left: Expr, operator: str, right: Expr) -> Chain | None:
    """The difference from a number completed to a square."""
    if right != ZERO or operator not in ("<=", ">="):
        return None
    found = completed(proposer, left if operator == ">=" else -left)
    if found is None:
        return None
    chain = Chain(left, proposer.givens)
    chain.root.algebra(found if operator == ">=" else -found, reason="complete the square")
    chain.show()
    if not proposer.signs.holds(Relation.of(chain.line, operator, ZERO)):
        return None
    chain.root.record("sign", {"to": ZERO}, ZERO, relation=operator)
    return chain


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
