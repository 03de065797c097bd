"""Limits at a number where the term itself is undefined: 0/0 by Taylor's theorem or L'Hopital's rule.

Contract. `at_number` proves lim body = value as a theorem. Where the body is defined at the point it is continuous
there; else it is written as a quotient f / g, g being what vanishes, and f must vanish too. A power of x - a below,
with a inside the domain, asks for Taylor's theorem; anything else for L'Hopital's rule and the quotient of the
derivatives, again by this module.

Blind spot. A quotient is recognised by the factors that stand below the line; infinite limits are not found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.derivation import Inference, Theorem
from gradproof.errors import NotDecided
from gradproof.expression import (
    POSITIVE,
    REAL,
    Array,
    Binder,
    Definition,
    Derivative,
    Entry,
    Expr,
    Index,
    Limit,
    Number,
    Pow,
    Relation,
    Symbol,
    Vector,
    add,
    fresh_letter,
    mul,
    names,
    power,
    substitute,
)
from gradproof.normal import Normal
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.shapes import defined, split_product, split_sum, tidy
from gradproof.rules import RULES
from gradproof.rules.limits import partial

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ZERO, ONE = Number.of(0), Number.of(1)
DEEPEST = 4  # times that L'Hopital's rule, or a derivative for Taylor's theorem, is taken


def at_number(proposer: Proposer, body: Expr, x: Symbol, point: Number, side: str, depth: int = DEEPEST) -> Theorem:
    """The theorem lim body = value."""
    return rewritten(proposer, Limit((body, point), (x, side)), as_quotient(proposer, body, x, point, side, depth))


def as_quotient(proposer: Proposer, body: Expr, x: Symbol, point: Number, side: str, depth: int = DEEPEST) -> Theorem:
    """The same of an equal body, written as a quotient."""
    f, g = quotient(proposer, body, x, point)
    if g == ONE and regular(proposer, body, x, point):
        return continuous_limit(proposer, body, x, point, side)
    if g == ONE or not depth:
        raise NotDecided(f"the limit of {body!r} as {x.name} tends to {point!r} is of no form that is known")
    if not vanishes(proposer, f, x, point):
        raise NotDecided(f"{f!r} does not tend to 0 as {x.name} tends to {point!r}, but {g!r} does")
    n = order(g, x, point)
    found = difference_quotient(proposer, f, x, point, side) if n == 1 else None
    found = found or (over_power(proposer, f, x, point, side, n) if n else None)
    return found or lhopital(proposer, f, g, x, point, side, depth)


def rewritten(proposer: Proposer, start: Limit, found: Theorem) -> Theorem:
    """The same limit of an equal body."""
    assert isinstance(found.statement, Relation)
    left = found.statement.args[0]
    if left == start:
        return found
    chain = Chain(start, proposer.givens)
    chain.root.child(0).algebra(left.args[0], reason="as one quotient")
    chain.show()
    chain.root.lemma(found.name, found.statement)
    chain.show()
    return proposer.add(proposer.theorem_of(chain, fresh(proposer, "limit"), "lemma"))


def fresh(proposer: Proposer, what: str) -> str:
    return f"{what} {len(proposer.theorems) + 1}"


# -- quotients --------------------------------------------------------------------------------------------------------


def quotient(proposer: Proposer, body: Expr, x: Symbol, point: Number) -> tuple[Expr, Expr]:
    """f and g with body = f / g, where g is made of the denominators that vanish at the point."""
    deepest: dict[Expr, Fraction] = {}
    for term in split_sum(body):
        for base, n in powers(term):
            if n < 0 and x in base.free and is_zero(proposer, substitute(base, x, point)):
                deepest[base] = max(-n, deepest.get(base, Fraction(0)))
    if not deepest:
        return body, ONE
    below = [power(base, Number.of(n)) for base, n in deepest.items()]
    f = add(*(tidy(mul(term, *below)) for term in split_sum(tidy(body))))
    return f, mul(*below)


def powers(term: Expr) -> list[tuple[Expr, Fraction]]:
    found = []
    for factor in split_product(tidy(term)):
        base, n = factor.args if isinstance(factor, Pow) else (factor, ONE)
        if isinstance(n, Number):
            found.append((base, n.value))
    return found


def order(g: Expr, x: Symbol, point: Number) -> int:
    """n where g = (x - a)^n, else 0."""
    base, n = powers(g)[0] if len(split_product(g)) == 1 and powers(g) else (g, Fraction(0))
    return int(n) if base == add(x, -point) and n.denominator == 1 else 0


def is_zero(proposer: Proposer, e: Expr) -> bool:
    return Normal(proposer.signs, None).equal(e, ZERO)


def vanishes(proposer: Proposer, f: Expr, x: Symbol, point: Number) -> bool:
    """Whether f is 0 at the point, possibly by what is given: then a proof is tried."""
    at = substitute(f, x, point)
    if not regular(proposer, f, x, point):
        return False
    if is_zero(proposer, at):
        return True
    mark = proposer.mark()
    try:
        proposer.equation(at, ZERO, "trial", "lemma")
    except NotDecided:
        return False
    finally:
        proposer.back_to(mark)
    return True


def regular(proposer: Proposer, e: Expr, x: Symbol, point: Number) -> bool:
    """Whether the term, and all it is made of, is defined at the point."""
    parts = (e, *partial(e, {i.name for i in e.free}))
    return not any(proposer.signs.undefined(substitute(part, x, point)) for part in parts)


def reached(x: Symbol, point: Number) -> bool:
    """Whether the point is in the domain, so that what is proved on the domain holds there."""
    low, high, p = x.domain.low, x.domain.high, point.value
    above = low is None or low < p or (low == p and not x.domain.low_open)
    return above and (high is None or p < high or (high == p and not x.domain.high_open))


# -- the theorems -----------------------------------------------------------------------------------------------------


def slope(proposer: Proposer, f: Expr, x: Symbol) -> Theorem:
    for t in proposer.theorems:
        if isinstance(t.statement, Relation) and t.statement.args[0] == Derivative.of(f, x):
            return t
    return proposer.equation(Derivative.of(f, x), None, fresh(proposer, "slope"), "lemma")


def right(theorem: Theorem) -> Expr:
    assert isinstance(theorem.statement, Relation)
    return theorem.statement.args[1]


def concluded(proposer: Proposer, rule: str, bindings: Mapping[str, object], premises: Iterable[Theorem]) -> Theorem:
    try:
        statement = RULES[rule].equation(**bindings)
    except ValueError as why:
        raise NotDecided(str(why)) from None
    over = tuple(sorted((i for i in statement.free if isinstance(i, Index)), key=lambda i: i.name))
    by = Inference(rule, bindings, tuple(t.name for t in premises))
    return proposer.add(Theorem(fresh(proposer, "limit"), statement, by=by, over=over))


def difference_quotient(proposer: Proposer, f: Expr, x: Symbol, point: Number, side: str) -> Theorem | None:
    """f(x) / (x - a) with f(a) = 0 tends to f'(a): a lemma for the slope, one for the zero, and the conclusion.

    None where the point is not in the domain, or where a name hides x: its value at the point would have no name.
    """
    rise = slope(proposer, f, x)
    if not reached(x, point) or hiding(f, x) or hiding(right(rise), x):
        return None
    zero = proposer.equation(substitute(f, x, point), ZERO, fresh(proposer, "value"), "lemma")
    bindings = {"f": f, "x": x, "point": point, "slope": right(rise)} | ({"side": side} if side else {})
    return concluded(proposer, "limit of a difference quotient", bindings, (rise, zero))


def over_power(proposer: Proposer, f: Expr, x: Symbol, point: Number, side: str, n: int) -> Theorem | None:
    """lim f / (x - a)^n by the limit of the n-th derivative; None where that is not found."""
    mark = proposer.mark()
    try:
        return _over_power(proposer, f, x, point, side, n)
    except NotDecided:
        proposer.back_to(mark)
        return None


def _over_power(proposer: Proposer, f: Expr, x: Symbol, point: Number, side: str, n: int) -> Theorem:
    rows, slopes = [f], []
    for _ in range(n):
        if len(rows) > DEEPEST or not vanishes(proposer, rows[-1], x, point):
            raise NotDecided(f"{rows[-1]!r} does not tend to 0 as {x.name} tends to {point!r}")
        slopes.append(slope(proposer, rows[-1], x))
        rows.append(right(slopes[-1]))
    zeros = [continuous_limit(proposer, r, x, point, side, ZERO) for r in rows[:-1]]
    last = at_number(proposer, rows[-1], x, point, side)
    bindings = {
        "f": f, "x": x, "point": point, "side": side, "derivatives": tuple(rows[1:]), "value": right(last)
    }  # fmt: skip
    return concluded(proposer, "L'Hopital's rule for a power", bindings, (*slopes, *zeros, last))


def lhopital(proposer: Proposer, f: Expr, g: Expr, x: Symbol, point: Number, side: str, depth: int) -> Theorem:
    slopes = slope(proposer, f, x), slope(proposer, g, x)
    zeros = [continuous_limit(proposer, e, x, point, side, ZERO) for e in (f, g)]
    df, dg = (right(t) for t in slopes)
    limit = at_number(proposer, df / dg, x, point, side, depth - 1)
    bindings = {"f": f, "g": g, "x": x, "point": point, "side": side, "df": df, "dg": dg, "value": right(limit)}
    return concluded(proposer, "L'Hopital's rule", bindings, (*slopes, *zeros, limit))


# -- continuity -------------------------------------------------------------------------------------------------------


def continuous_limit(
    proposer: Proposer, body: Expr, x: Symbol, point: Number, side: str, value: Expr | None = None
) -> Theorem:
    """lim body = its value at the point, brought to the form asked for, or to a textbook's."""
    start = Limit((body, point), (x, side))
    found = by_continuity(proposer, body, x, point, side)
    if right(found) == value:
        return found
    chain = Chain(start, proposer.givens)
    chain.root.lemma(found.name, found.statement)  # type: ignore[arg-type]
    chain.show()
    chain.named += still(proposer, x)
    proposer.simplify(chain)
    if value is None:
        proposer.print_form(chain)
    elif chain.line != value:
        proposer.aim(chain, value)
    if len(chain.steps) == 1:
        return found
    return proposer.add(proposer.theorem_of(chain, fresh(proposer, "limit"), "lemma"))


def still(proposer: Proposer, x: Symbol) -> list[Definition]:
    """The definitions that do not move with x: a limit may be told in them."""
    return [d for d in proposer.known if x not in d.body.free]


def by_continuity(proposer: Proposer, body: Expr, x: Symbol, point: Number, side: str) -> Theorem:
    """The limits of the named parts that move, and of x itself, put into the body."""
    places: list[Array] = []
    inner, values, premises, whole = [], [], [], body
    taken = names(body)
    for d in hiding(body, x):
        member, limit = member_limit(proposer, d, x, point, side)
        index = limit.over[0] if limit.over else Index.of("j", ONE)
        place = Array(fresh_letter("u", taken), d.shape or (ONE,))
        taken.add(place.name)
        whole = with_place(whole, d, place)
        places.append(place)
        inner.append(Vector.over(index, member))
        values.append(Vector.over(index, right(limit)))
        premises.append(limit)
    if x in whole.free:
        one, place = Index.of("j", ONE), Array(fresh_letter("u", taken), (ONE,))
        whole = substitute(whole, x, place[1])
        places.append(place)
        inner.append(Vector.over(one, x))
        values.append(Vector.over(one, point))
    bindings = {
        "whole": whole, "places": tuple(places), "inner": tuple(inner), "values": tuple(values),
        "x": x, "point": point, "side": side,
    }  # fmt: skip
    return concluded(proposer, "continuity", bindings, premises)


def hiding(e: Expr, x: Symbol) -> list[Definition]:
    """The definitions outermost in the term whose bodies depend on x."""
    if isinstance(e, Entry) and isinstance(e.base, Definition):
        return [e.base] if x in e.base.body.free else []
    return list(dict.fromkeys(d for a in e.args if x in a.free for d in hiding(a, x)))


def with_place(e: Expr, d: Definition, place: Array) -> Expr:
    """Every entry of the definition replaced by one of the placeholder."""
    if isinstance(e, Entry) and e.base == d:
        return place[e.args or (ONE,)]
    return e.rebuild(tuple(with_place(a, d, place) for a in e.args)) if e.args else e


def member_limit(proposer: Proposer, d: Definition, x: Symbol, point: Number, side: str) -> tuple[Expr, Theorem]:
    """A member of a defined family, and its limit as a lemma for every index."""
    if len(d.shape) > 1:
        raise NotDecided(f"the limit of {d.name}, which has several indices")
    fixed = Chain(x, proposer.givens).fixed
    params = tuple(Index.of(fresh_letter(p.name, fixed), p.size) for p in d.parameters())
    member = d[params]
    start = Limit((member, point), (x, side))
    for t in proposer.theorems:
        if isinstance(t.statement, Relation) and t.statement.args[0] == start:
            return member, t
    chain = Chain(start, proposer.givens)
    while open_inside(chain.root.child(0), x):
        pass
    chain.root.child(0).algebra(tidy(chain.line.args[0]), reason="cancel")
    chain.show()
    body = chain.line.args[0]
    lemma = (by_continuity if regular(proposer, body, x, point) else at_number)(proposer, body, x, point, side)
    chain.root.lemma(lemma.name, lemma.statement)  # type: ignore[arg-type]
    chain.show()
    chain.named += still(proposer, x)
    proposer.print_form(chain)
    found = proposer.theorem_of(chain, fresh(proposer, "limit"), "lemma")
    return member, proposer.add(replace(found, over=params or (Index.of("j", ONE),)))


def open_inside(focus: Focus, x: Symbol) -> bool:
    """Open one defined name that hides x, below this place."""
    here = focus.term
    if defined(here) and x in here.free:
        focus.unfold()
        return True
    below = [n for n in range(len(here.args)) if x in here.args[n].free and not (isinstance(here, Binder) and n == 0)]
    return any(open_inside(focus.child(n), x) for n in below)


# -- at infinity ------------------------------------------------------------------------------------------------------


def turned(proposer: Proposer, chain: Chain) -> tuple[Symbol, str]:
    """The limit at infinity at the front of the line as one at 0 from above, in the reciprocal; the new variable."""
    here = chain.line
    x: Symbol = here.data[0]
    letter = next(c for c in ("u", "v", "w", "h", "s", "r") if c not in names(here))
    for domain in (REAL, POSITIVE):  # on all reals 0 is inside the domain
        u = Symbol.of(letter, domain)
        after = RULES["reciprocal variable"].equation(f=here.args[0], x=x, u=u).args[1]
        if not proposer.signs.undefined(after):
            break
    chain.root.rule("reciprocal variable", f=here.args[0], x=x, u=u)
    inside = chain.root.child(0)
    inside.algebra(tidy(inside.term), reason="cancel")
    chain.show()
    return u, "+"
