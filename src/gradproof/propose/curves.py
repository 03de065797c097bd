"""Inequalities in one real variable by curvature, and what they say at a value of the variable.

f >= 0 where f and its derivative vanish at a point and f is convex, or where f falls before its zero and then rises.
The points tried are a few numbers and the other names in f.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.derivation import Inference, Theorem
from gradproof.errors import NotDecided
from gradproof.expression import (
    Derivative,
    Expr,
    Function,
    Index,
    Number,
    Relation,
    Symbol,
    definitions,
    mul,
    power,
    substitute,
    subterms,
)
from gradproof.normal import Normal, Polynomial, TooLarge
from gradproof.propose import bounds, tangents
from gradproof.propose.chain import Chain
from gradproof.propose.differentiate import differentiate
from gradproof.propose.forms import arranged, textbook
from gradproof.propose.shapes import mentions, tidy
from gradproof.propose.signed import by_signed_form
from gradproof.propose.simplify import nodes

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ZERO, ONE = Number.of(0), Number.of(1)
POINTS = (ONE, ZERO, Number.of(-1), Number.of(Fraction(1, 2)))
DEEPEST = 3  # derivatives taken


def sides(goal: Relation) -> tuple[Expr, Expr] | None:
    """(larger, smaller) of a weak inequality."""
    if goal.operator not in ("<=", ">="):
        return None
    return goal.args if goal.operator == ">=" else goal.args[::-1]  # type: ignore[return-value]


def by_curvature(proposer: Proposer, goal: Relation, name: str, role: str, depth: int = 1) -> Theorem | None:
    """The difference of both sides has its least value 0 at a point."""
    if (found := sides(goal)) is None:
        return None
    f = found[0] - found[1]
    for x, at in _places(proposer, f):
        kept = len(proposer.theorems)
        try:
            least = _least(proposer, f, x, at, name if found[1] == ZERO else f"{name}, the difference", depth)
        except (NotDecided, TooLarge, ValueError):
            least = None
        if least is None:
            del proposer.theorems[kept:]
            continue
        rule, bindings, premises = least
        zero = Relation.of(f, ">=", ZERO)
        if found[1] == ZERO:
            return proposer.add(Theorem(name, goal, by=Inference(rule, bindings, premises), role=role))
        by = Inference(rule, bindings, premises)
        gap = proposer.add(Theorem(f"{name}, the difference", zero, by=by, role="lemma"))
        return by_gap(proposer, goal, gap, name, role)
    return None


def by_gap(proposer: Proposer, goal: Relation, gap: Theorem, name: str, role: str) -> Theorem:
    larger, smaller = sides(goal)  # type: ignore[misc]
    bindings = {"a": larger, "b": smaller, "claim": Relation.of(larger, ">=", smaller)}
    return proposer.add(
        Theorem(name, goal, by=Inference("sign of the difference", bindings, (gap.name,)), over=gap.over, role=role)
    )


def _places(proposer: Proposer, f: Expr) -> Iterator[tuple[Symbol, Expr]]:
    """Variables and points of their domains at which f vanishes."""
    given = {s for g in proposer.givens for s in g.relation.free}
    names = sorted((s for s in f.free if isinstance(s, Symbol) and not s.domain.integer), key=lambda s: s.name)
    normal = Normal(proposer.signs, None)
    for x in names:
        for at in (*POINTS, *(n for n in names if n != x)):
            if x in given or not _inside(proposer, x, at):
                continue
            try:
                here = substitute(f, x, at)
            except ValueError:
                continue
            if proposer.signs.undefined(here) is None and normal.equal(here, ZERO):
                yield x, at


def _inside(proposer: Proposer, x: Symbol, at: Expr) -> bool:
    low, high, signs = x.domain.low, x.domain.high, proposer.signs
    above = low is None or signs.holds(Relation.of(at, ">" if x.domain.low_open else ">=", Number.of(low)))
    return above and (
        high is None or signs.holds(Relation.of(at, "<" if x.domain.high_open else "<=", Number.of(high)))
    )


def _least(
    proposer: Proposer, f: Expr, x: Symbol, at: Expr, name: str, depth: int
) -> tuple[str, dict[str, Expr], tuple[str, ...]] | None:
    """The rule, its bindings and premises by which f is least at the point."""
    if proposer.signs.undefined(Derivative.of(f, x)):
        return None
    chain = _differentiated(proposer, Derivative.of(f, x))
    slope = chain.line
    if mentions(slope, Derivative):
        return None
    first = proposer.add(proposer.theorem_of(chain, f"{name}: derivative {depth}", "lemma", "the derivative"))
    bindings = {"f": f, "x": x, "slope": slope, "at": at, "value": ZERO}
    tilt = substitute(slope, x, at)
    if proposer.signs.undefined(tilt) is None and Normal(proposer.signs, None).equal(tilt, ZERO):
        second = _nonnegative(proposer, Derivative.of(slope, x), f"{name}: curvature {depth}", depth, "it is convex")
        if second is not None:
            ends = [
                _equal(proposer, e, f"{name}: {w} {depth}")
                for e, w in ((substitute(f, x, at), "value"), (tilt, "slope"))
            ]
            premises = (first.name, second.name, *(t.name for t in ends))
            return "tangent of a convex function", {**bindings, "tilt": ZERO}, premises
    rises = _nonnegative(proposer, mul(x - at, slope), f"{name}: direction {depth}", depth, "it falls, then rises")
    if rises is None:
        return None
    end = _equal(proposer, substitute(f, x, at), f"{name}: value {depth}")
    return "sign of the derivative", bindings, (first.name, rises.name, end.name)


def _differentiated(proposer: Proposer, e: Expr) -> Chain:
    chain = Chain(e, proposer.givens)
    differentiate(chain, proposer.lemmas)
    proposer.simplify(chain)
    proposer.print_form(chain)
    return chain


def _equal(proposer: Proposer, e: Expr, name: str) -> Theorem:
    title = "the derivative there" if ": slope" in name else "where it vanishes"
    return proposer.equation(e, ZERO, name, "lemma", title)


def _nonnegative(proposer: Proposer, e: Expr, name: str, depth: int, title: str) -> Theorem | None:
    """e >= 0: by signs after simplification, by tangents of logarithms, by squares, or by curvature again."""
    goal = Relation.of(e, ">=", ZERO)
    if proposer.signs.undefined(e):
        return None
    chain = _differentiated(proposer, e)
    if mentions(chain.line, Derivative):
        return None
    inner = chain.line
    if proposer.signs.holds(Relation.of(inner, ">=", ZERO)):
        chain.root.record("sign", {"to": ZERO}, ZERO, relation=">=")
        chain.show(2)
        return proposer.add(replace(proposer.relation_theorem(chain, goal, name, "lemma"), title=title))
    for attempt in (by_signed_form, bounds.by_logarithms, tangents.by_tangent):
        rest = attempt(proposer, inner, ">=", ZERO)
        if rest is not None:
            chain.show()
            chain.steps += rest.steps
            chain.line = rest.line
            chain.show(2)
            return proposer.add(replace(proposer.relation_theorem(chain, goal, name, "lemma"), title=title))
    if depth >= DEEPEST:
        return None
    known = by_curvature(proposer, Relation.of(inner, ">=", ZERO), f"{name}, simplified", "lemma", depth + 1)
    if known is None:
        return None
    chain.show()
    chain.root.lemma(known.name, known.statement, relation=">=")  # type: ignore[arg-type]
    chain.show(2)
    return proposer.add(replace(proposer.relation_theorem(chain, goal, name, "lemma"), title=title))


def by_instance(proposer: Proposer, goal: Relation, name: str, role: str) -> Theorem | None:
    """A positive multiple of what was proved of a variable, at the argument of a logarithm of the goal."""
    if (found := sides(goal)) is None:
        return None
    gap = found[0] - found[1]
    for t in list(proposer.theorems):
        s = t.statement
        if not isinstance(s, Relation) or s.operator != ">=" or s.args[1] != ZERO or mentions(s, Derivative):
            continue
        for x in [x for x in s.free if isinstance(x, Symbol) and not x.domain.integer and x not in goal.free]:
            for value in _arguments(gap):
                known = _instance(proposer, t, x, value, gap, goal, name, role)
                if known is not None:
                    return known
    return None


def _arguments(e: Expr) -> list[Expr]:
    whole = [e, *(d.body for d in definitions(e))]
    found = [t.args[0] for w in whole for t in subterms(w) if isinstance(t, Function) and t.name in ("log", "exp")]
    return [u for u in dict.fromkeys(found) if u.loose == 0]


def _instance(
    proposer: Proposer, t: Theorem, x: Symbol, value: Expr, gap: Expr, goal: Relation, name: str, role: str
) -> Theorem | None:
    if not _inside(proposer, x, value) or any(x in g.relation.free for g in proposer.givens):
        return None
    statement = substitute(t.statement, x, value)
    here = statement.args[0]
    factor = _multiple(proposer, gap, here)
    if factor is None or not proposer.signs.nonnegative(factor):
        return None
    bindings = {"statement": t.statement, "x": x, "value": value}
    free = tuple(sorted((i for i in statement.free if isinstance(i, Index)), key=lambda i: i.name))
    known = proposer.add(
        Theorem(f"{name}, at a value", statement, by=Inference("value of a variable", bindings, (t.name,)), over=free)
    )
    chain = Chain(gap, proposer.givens)
    inside = [d.name for d in definitions(gap + factor)]
    chain.root.algebra(mul(factor, here), inside, reason="rearrange")
    chain.show()
    focus = next(f for f in nodes(chain.root, type(here)) if f.term == here)
    focus.lemma(known.name, statement, relation=">=")  # type: ignore[arg-type]
    chain.show(2)
    if chain.line != ZERO:
        chain.root.algebra(ZERO)
    if found_zero(goal):
        return proposer.add(proposer.relation_theorem(chain, goal, name, role))
    lemma = proposer.add(
        proposer.relation_theorem(chain, Relation.of(gap, ">=", ZERO), f"{name}, the difference", "lemma")
    )
    return by_gap(proposer, goal, lemma, name, role)


def found_zero(goal: Relation) -> bool:
    return sides(goal) is not None and sides(goal)[1] == ZERO  # type: ignore[index]


def _multiple(proposer: Proposer, whole: Expr, part: Expr) -> Expr | None:
    """The factor that takes the one to the other, read off the coefficients of a logarithm."""
    normal = Normal(proposer.signs, None)
    try:
        p, q = normal.of(whole), normal.of(part)
        logs = [a for m in q for a, e in m if isinstance(a, Function) and a.name == "log" and e == 1]
        for a in dict.fromkeys(logs):
            above, below = (
                {tuple(f for f in m if f[0] != a): c for m, c in r.items() if (a, ONE.value) in m} for r in (p, q)
            )
            if not above or not below:
                continue
            factor = tidy(_content_first(above) / _content_first(below))
            if normal.equal(whole, mul(factor, part)):
                return textbook(factor, proposer.signs, proposer.known)
    except (TooLarge, RecursionError):
        return None
    return None


def _content_first(p: Polynomial) -> Expr:
    """The polynomial as a monomial times one with exponents from 0."""
    rows = [dict(m) for m in p]
    lowest = {a: min(row.get(a, ZERO.value) for row in rows) for row in rows for a in row}
    common = mul(*(power(a, Number.of(e)) for a, e in lowest.items()))
    rest = {
        tuple((a, e) for a in lowest if (e := row.get(a, ZERO.value) - lowest[a])): p[m]
        for m, row in zip(p, rows, strict=True)
    }
    return mul(common, arranged(rest))


__all__ = ["by_curvature", "by_gap", "by_instance", "sides"]
