"""Limits at infinity of what dies out: exponentials e^{-cx}, 1/x, and max(0, c - x).

Contract. `evaluate` rewrites sigma, softplus, tanh and powers of a constant by exponentials that fall, where the signs
say which those are, and proves lim body = value by continuity in what is left.

Blind spot. Exponents are constants times the variable; where the sign of the constant is not known nothing is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradproof.derivation import Theorem
from gradproof.errors import NotDecided
from gradproof.expression import (
    Array,
    Binder,
    Constant,
    Expr,
    Function,
    Index,
    Limit,
    Mul,
    Number,
    Pow,
    Symbol,
    Vector,
    add,
    fresh_letter,
    mul,
    names,
    power,
)
from gradproof.propose.chain import Chain
from gradproof.propose.indeterminate import concluded, fresh
from gradproof.propose.shapes import expanded, match, split_sum, tidy
from gradproof.rules.terms import exp
from gradproof.signs import Signs

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ZERO, ONE, TWO, MINUS = Number.of(0), Number.of(1), Number.of(2), Number.of(-1)
INFINITY = Constant((), ("oo",))


def evaluate(proposer: Proposer, chain: Chain, x: Symbol) -> Theorem:
    """The limit at infinity at the front of the line, as a theorem; the line is rewritten to its left side."""
    inside = chain.root.child(0)
    to = add(*(tidy(expanded(t)) for t in split_sum(dying(inside.term, x, inside.chain.signs.under(x, INFINITY)))))
    inside.algebra(to, reason="in exponentials that fall")
    whole, places, inner, premises = to, list[Array](), list[Vector](), list[Theorem]()
    taken = names(to)
    for index, member in families(to, x):
        place = Array(fresh_letter("u", taken), (index.size,))
        taken.add(place.name)
        whole = with_place(whole, index, member, place)
        places.append(place)
        inner.append(Vector.over(index, member))  # type: ignore[arg-type]
        premises.append(vanishing(proposer, index, member, x))
    if x in whole.free or not places:
        raise NotDecided(f"{to!r} does not settle as {x.name} grows")
    zeros = tuple(Vector((v.size, ZERO), (), v.hint) for v in inner)
    bindings = {
        "whole": whole, "places": tuple(places), "inner": tuple(inner), "values": zeros,
        "x": x, "point": INFINITY, "side": "",
    }  # fmt: skip
    return concluded(proposer, "continuity", bindings, premises)


def dying(e: Expr, x: Symbol, signs: Signs) -> Expr:
    """The term with its functions of x by exponentials that fall."""
    if x not in e.free or not e.args:
        return e
    if isinstance(e, Binder):
        index = e.fresh(i.name for i in e.free)
        return type(e).over(index, dying(e.open(index), x, signs))
    if isinstance(e, Pow) and x in e.args[1].free and signs.positive(e.args[0]):
        return exp(mul(e.args[1], Function((e.args[0],), ("log",))))
    if isinstance(e, Function) and e.name in ("sigmoid", "softplus", "tanh"):
        (u,) = e.args
        rising, falling = signs.positive(u), signs.positive(-u)
        if rising or falling:
            return _by_exponentials(e.name, u, rising)
    return e.rebuild(tuple(dying(a, x, signs) for a in e.args))


def _by_exponentials(name: str, u: Expr, rising: bool) -> Expr:
    small = exp(-u if rising else u)
    if name == "softplus":
        rest = Function((add(ONE, small),), ("log",))
        return add(u, rest) if rising else rest
    if name == "sigmoid":
        return (ONE if rising else small) / add(ONE, small)
    small = exp(mul(TWO, -u if rising else u))
    top = add(ONE, -small) if rising else add(small, MINUS)
    return top / add(ONE, small)


def families(e: Expr, x: Symbol) -> list[tuple[Index, Expr]]:
    """The parts that may die out, each with the index that it runs over."""
    found: list[tuple[Index, Expr]] = []

    def visit(t: Expr, bound: Index | None) -> None:
        if x not in t.free:
            return
        if t == power(x, MINUS) or (isinstance(t, Function) and t.name in ("exp", "relu")):
            index = bound if bound is not None and bound in t.free else Index.of("j", ONE)
            if not any(found_at(t, *f) for f in found):
                found.append((index, t))
        elif isinstance(t, Binder):
            inner = t.fresh(i.name for i in e.free)
            visit(t.open(inner), inner)
        else:
            for a in t.args:
                visit(a, bound)

    visit(e, None)
    return found


def found_at(e: Expr, index: Index, member: Expr) -> tuple[Expr, ...] | None:
    """The place in the family at which the term stands."""
    if index not in member.free:
        return (ONE,) if e == member else None
    return match(member, e, (index,))


def with_place(e: Expr, index: Index, member: Expr, place: Array) -> Expr:
    """Every member of the family replaced by an entry of the placeholder."""
    at = found_at(e, index, member)
    if at is not None:
        return place[at]
    if isinstance(e, Binder):
        inner = e.fresh(i.name for i in member.free)
        return type(e).over(inner, with_place(e.open(inner), index, member, place))
    return e.rebuild(tuple(with_place(a, index, member, place) for a in e.args)) if e.args else e


def vanishing(proposer: Proposer, index: Index, member: Expr, x: Symbol) -> Theorem:
    """lim member = 0, for every value of the index."""
    chain = Chain(Limit((member, INFINITY), (x, "")), proposer.givens)
    inside = chain.root.child(0)
    if isinstance(member, Function) and member.name == "exp":
        c = quotient(member.args[0], -x)
        if x in c.free or not proposer.signs.positive(c):
            raise NotDecided(f"{member!r} is not known to fall")
        inside.algebra(exp(mul(MINUS, c, x)), reason="")
        chain.root.rule("exponential decay", c=c, x=x)
    elif isinstance(member, Function):
        c = tidy(add(member.args[0], x))
        if x in c.free:
            raise NotDecided(f"{member!r} is not known to fall")
        inside.algebra(Function((c - x,), ("relu",)))
        chain.root.rule("relu of what falls", c=c, x=x)
    else:
        chain.root.rule("a constant over a growing number", c=ONE, x=x)
    chain.show()
    theorem = proposer.theorem_of(chain, fresh(proposer, "limit"), "lemma")
    over = dict.fromkeys((*theorem.over, index))
    return proposer.add(Theorem(theorem.name, theorem.statement, theorem.start, theorem.steps, over=tuple(over)))


def quotient(e: Expr, by: Expr) -> Expr:
    """e / by, term by term, the signs of sums undone."""
    terms = [tidy(mul(t, power(by, MINUS))) for t in split_sum(expanded(e) if isinstance(e, Mul) else e)]
    return add(*terms) if len(terms) > 1 else terms[0]
