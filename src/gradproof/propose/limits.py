"""Limits: find what tends to something known, and let continuity do the rest.

The parts that move are exponentials exp(c / x) (as x grows they tend to 1) or, as x falls to 0, exp((f_j - f_t) / x)
with f_t the unique maximum, which tend to a delta. Before the second, the quotient is multiplied by exp(-f_t / x) above
and below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradproof.derivation import Given, Inference, Theorem
from gradproof.errors import NotDecided
from gradproof.expression import (
    Array,
    Binder,
    Constant,
    Delta,
    Derivative,
    Expr,
    Function,
    Index,
    Limit,
    Number,
    Relation,
    Sum,
    Symbol,
    Vector,
    add,
    mul,
    power,
    substitute,
    subterms,
)
from gradproof.normal import Normal
from gradproof.propose import decay, indeterminate
from gradproof.propose.chain import Chain
from gradproof.propose.shapes import expanded, match, places, split_product, tidy
from gradproof.rules import RULES

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ZERO, ONE = Number.of(0), Number.of(1)
INFINITY = Constant((), ("oo",))


def evaluate(proposer: Proposer, chain: Chain) -> None:
    """Take the limit at the front of the line, by lemmas put before it."""
    here = chain.line
    if not isinstance(here, Limit):
        raise NotDecided(f"a limit inside a larger term is not taken yet: {here!r}")
    symbol, side = here.data
    mark, before = proposer.mark(), chain.mark()
    for attempt in (_of_exponentials, _dying, _indeterminate):
        try:
            lemma = attempt(proposer, chain, symbol, side)
            break
        except NotDecided:
            if attempt is _indeterminate:
                raise
            proposer.back_to(mark)
            chain.back_to(before)
    assert isinstance(lemma.statement, Relation)
    chain.show()
    chain.root.lemma(lemma.name, lemma.statement)
    chain.show()


def _of_exponentials(proposer: Proposer, chain: Chain, symbol: Symbol, side: str) -> Theorem:
    """The exponentials that move have limits, and the rest is continuous."""
    here = chain.line
    if isinstance(here.args[1], Number) and side != "+":
        raise NotDecided("a limit at a number")
    while indeterminate.open_inside(chain.root.child(0), symbol):
        pass
    here = chain.line
    if here.args[1] == ZERO:
        _separate(proposer, chain, symbol)
    body = chain.root.child(0).term
    families = list(_moving(body, symbol))
    if not families:
        raise NotDecided(f"no part of {body!r} has a limit that is known")
    return _by_continuity(proposer, body, families, symbol, here.args[1], side)


def _dying(proposer: Proposer, chain: Chain, symbol: Symbol, side: str) -> Theorem:
    """At infinity, what does not settle dies out."""
    if chain.line.args[1] != INFINITY:
        raise NotDecided("a limit at a number")
    while indeterminate.open_inside(chain.root.child(0), symbol):
        pass
    return decay.evaluate(proposer, chain, symbol)


def _indeterminate(proposer: Proposer, chain: Chain, symbol: Symbol, side: str) -> Theorem:
    """At a number; a limit at infinity is first turned into one at 0."""
    if chain.line.args[1] == INFINITY:
        while indeterminate.open_inside(chain.root.child(0), symbol):
            pass
        chain.show()
        symbol, side = indeterminate.turned(proposer, chain)
    point = chain.line.args[1]
    if not isinstance(point, Number):
        raise NotDecided(f"a limit at {point!r} is not taken yet")
    lemma = indeterminate.as_quotient(proposer, chain.line.args[0], symbol, point, side)
    assert isinstance(lemma.statement, Relation)
    chain.root.child(0).algebra(lemma.statement.args[0].args[0], reason="as one quotient")
    return lemma


def differentiate_inside(proposer: Proposer, chain: Chain) -> None:
    """The derivatives under a limit, each by a lemma in its textbook form."""
    for path in list(places(chain.line, Derivative)):
        focus = chain.root.descend(path)
        if focus.opened:
            continue  # of an index bound outside: it is differentiated where it stands
        lemma = proposer.equation(focus.term, None, f"derivative {len(proposer.theorems) + 1}", "lemma")
        assert isinstance(lemma.statement, Relation)
        focus.lemma(lemma.name, lemma.statement)
        chain.show()


def _moving(body: Expr, x: Symbol) -> list[tuple[Index, Expr]]:
    """The exponentials in x as families: an index and the member there."""
    found: list[tuple[Index, Expr]] = []

    def visit(e: Expr, bound: Index | None) -> None:
        if isinstance(e, Function) and e.name == "exp" and x in e.free:
            free = [i for i in sorted(e.free, key=lambda a: str(a.name)) if isinstance(i, Index)]
            index = bound if bound is not None else free[0] if free else Index.of("j", ONE)
            if not any(_same(e, *f) for f in found):
                found.append((index, e))
        elif isinstance(e, Binder):
            inner = e.fresh(i.name for i in body.free)
            visit(e.open(inner), inner)
        else:
            for a in e.args:
                visit(a, bound)

    for s in subterms(body):  # members under a sum first: they are schematic in its index
        if isinstance(s, Sum) and s.loose == 0:
            visit(s, None)
    visit(body, None)
    return found


def _same(e: Expr, index: Index, member: Expr) -> bool:
    return match(member, e, (index,)) is not None


def _by_continuity(
    proposer: Proposer, body: Expr, families: list[tuple[Index, Expr]], x: Symbol, point: Expr, side: str
) -> Theorem:
    whole, places, inner, values, names = body, [], [], [], []
    for n, (index, member) in enumerate(families):
        place = Array(f"u{n}", (index.size,))
        whole = _with_place(whole, index, member, place)
        value, name = _member_limit(proposer, index, member, x, point, side)
        places.append(place)
        inner.append(Vector.over(index, member))
        values.append(Vector.over(index, value))
        names.append(name)
    if x in whole.free and isinstance(point, Number):
        one, place = Index.of("j", ONE), Array("v", (ONE,))
        whole = substitute(whole, x, place[1])
        places.append(place)
        inner.append(Vector.over(one, x))
        values.append(Vector.over(one, point))
    if x in whole.free:
        raise NotDecided(f"{whole!r} still depends on {x.name}")
    bindings = {
        "whole": whole, "places": tuple(places), "inner": tuple(inner), "values": tuple(values),
        "x": x, "point": point, "side": side,
    }  # fmt: skip
    statement = RULES["continuity"].equation(**bindings)
    return proposer.add(
        Theorem(f"limit {len(proposer.theorems) + 1}", statement, by=Inference("continuity", bindings, tuple(names)))
    )


def _with_place(e: Expr, index: Index, member: Expr, place: Array) -> Expr:
    """Every member of the family replaced by an entry of the placeholder."""
    values = match(member, e, (index,))
    if values is not None:
        return place[values]
    if isinstance(e, Binder):
        inner = e.fresh(i.name for i in member.free)
        return type(e).over(inner, _with_place(e.open(inner), index, member, place))
    return e.rebuild(tuple(_with_place(a, index, member, place) for a in e.args)) if e.args else e


def _member_limit(
    proposer: Proposer, index: Index, member: Expr, x: Symbol, point: Expr, side: str
) -> tuple[Expr, str]:
    """The limit of one member, as a lemma for every index."""
    start = Limit((member, point), (x, side))
    over = (index,)
    name = f"limit {len(proposer.theorems) + 1}"
    if point == INFINITY:
        c = mul(*(f for f in split_product(member.args[0]) if f != power(x, Number.of(-1))))
        return _vanishing(proposer, index, member, c, x, name)
    value, top = _gap(proposer.givens, index, member, x)
    chain = Chain(start, proposer.givens)
    right = Delta((index, top))
    chain.root.record("exp separates the largest", {"value": value, "index": index, "top": top, "x": x}, right)
    chain.show()
    statement = Relation.of(start, "=", right)
    proposer.add(Theorem(name, statement, start, tuple(chain.steps), over=over))
    return right, name


def _vanishing(proposer: Proposer, index: Index, member: Expr, c: Expr, x: Symbol, name: str) -> tuple[Expr, str]:
    """c / x tends to 0, so exp(c / x) tends to 1: by continuity of exp."""
    if x in c.free:
        raise NotDecided(f"the exponent of {member!r} is not a constant over {x.name}")
    start = Limit((c / x, INFINITY), (x, ""))
    chain = Chain(start, proposer.givens)
    chain.root.rule("a constant over a growing number", c=c, x=x)
    chain.show()
    exponent = proposer.add(
        Theorem(f"{name}, the exponent", Relation.of(start, "=", ZERO), start, tuple(chain.steps), over=(index,))
    )
    place = Array("u", (index.size,))
    bindings = {
        "whole": Function((place[index],), ("exp",)), "places": (place,),
        "inner": (Vector.over(index, c / x),), "values": (Vector.over(index, ZERO),),
        "x": x, "point": INFINITY, "side": "",
    }  # fmt: skip
    statement = RULES["continuity"].equation(**bindings)
    first = proposer.add(
        Theorem(
            f"{name}, the exponential", statement, by=Inference("continuity", bindings, (exponent.name,)), over=(index,)
        )
    )
    assert isinstance(first.statement, Relation)
    final = Chain(Limit((member, INFINITY), (x, "")), proposer.givens)
    final.root.child(0).algebra(Function((c / x,), ("exp",)))
    final.root.lemma(first.name, first.statement)
    final.root.algebra(ONE, reason=r"$e^0 = 1$")
    final.show()
    proposer.add(Theorem(name, Relation.of(final.start, "=", ONE), final.start, tuple(final.steps), over=(index,)))
    return ONE, name


def _gap(givens: tuple[Given, ...], index: Index, member: Expr, x: Symbol) -> tuple[Expr, Index]:
    """f_index and the top index, where a given says that f is largest there."""
    for g in givens:
        if g.relation.operator == "<" and len(g.over) == 1 and g.apart and g.apart[0][0] == g.over[0]:
            low, _ = g.relation.args
            value = Vector.over(g.over[0], low).open(index)
            top = g.apart[0][1]
            highest = Vector.over(g.over[0], low).open(top)
            if member == Function(((value - highest) / x,), ("exp",)):
                return value, top
    raise NotDecided(f"which term of {member!r} is the largest is not given")


def _separate(proposer: Proposer, chain: Chain, x: Symbol) -> None:
    """Multiply above and below by exp(-f_t / x)."""
    tops = [g for g in proposer.givens if g.apart and g.relation.operator == "<"]
    if not tops:
        raise NotDecided("the limit at 0 needs a given that one term is larger than the others")
    g = tops[0]
    low = g.relation.args[0]
    highest = Vector.over(g.over[0], low).open(g.apart[0][1])
    inside = chain.root.child(0)
    to = tidy(expanded(_shifted(inside.term, highest, x)))
    if Normal(proposer.signs.under(x, chain.line.args[1])).equal(inside.term, to):
        lone = any(isinstance(t, Function) and t.name == "log" and x in t.free for t in subterms(to))
        said = "the largest term in front" if lone else "multiply above and below by the largest term's inverse"
        inside.algebra(to, reason=said)
        chain.show()


def _shifted(e: Expr, highest: Expr, x: Symbol) -> Expr:
    """Every exp(f / x) as exp((f - f_t) / x), and log sum exp(f / x) as f_t / x + log sum exp((f - f_t) / x)."""
    if isinstance(e, Function) and e.name == "log" and isinstance(e.args[0], Sum) and x in e.free:
        return add(highest / x, Function((_shifted(e.args[0], highest, x),), ("log",)))
    if isinstance(e, Function) and e.name == "exp" and x in e.free:
        value = mul(*(f for f in split_product(e.args[0]) if f != power(x, Number.of(-1))))
        return Function((add(value, -highest) / x,), ("exp",))
    if isinstance(e, Binder):
        inner = e.fresh(i.name for i in highest.free)
        return type(e).over(inner, _shifted(e.open(inner), highest, x))
    return e.rebuild(tuple(_shifted(a, highest, x) for a in e.args)) if e.args else e
