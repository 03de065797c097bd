"""Functions of one real variable, from their derivatives; a theorem at a value of its variable; powers compared.

`x` is a real symbol with an interval as its domain, on which everything is differentiable: the derivative is known as a
term, `slope`, that mentions no derivative.

Examples and counterexamples: `gradproof.rules.examples.slopes`.
"""

from __future__ import annotations

from fractions import Fraction

from gradproof.expression import (
    Derivative,
    Expr,
    Function,
    Limit,
    Number,
    Optimum,
    Relation,
    Symbol,
    add,
    definitions,
    mul,
    power,
    substitute,
    subterms,
)
from gradproof.rule import Condition, Rule, constant, holds, nonnegative, positive

ZERO, TWO, HALF = Number.of(0), Number.of(2), Number.of(Fraction(1, 2))


def in_domain(x: Symbol, value: Expr) -> tuple[Condition, ...]:
    """The value is one that the symbol may take, and no given says more of the symbol."""
    domain = x.domain
    if domain.integer:
        raise ValueError(f"{x.name} takes whole numbers only")
    found = [Condition("unconstrained", (x,))]
    if domain.low is not None:
        found.append(holds(Relation.of(value, ">" if domain.low_open else ">=", Number.of(domain.low))))
    if domain.high is not None:
        found.append(holds(Relation.of(value, "<" if domain.high_open else "<=", Number.of(domain.high))))
    return tuple(found)


def explicit(e: Expr) -> Expr:
    """The term, unless a derivative or a limit stands in it: then it may have no value."""
    for inside in (e, *(d.body for d in definitions(e))):
        if any(isinstance(t, Derivative | Limit | Optimum) for t in subterms(inside)):
            raise ValueError(f"{e!r} must be written without derivatives and limits")
    return e


def known_slope(f: Expr, x: Symbol, slope: Expr) -> Relation:
    return Relation.of(Derivative.of(explicit(f), x), "=", explicit(slope))


def above_tangent(f: Expr, x: Symbol, slope: Expr, at: Expr, value: Expr, tilt: Expr) -> Relation:
    return Relation.of(f, ">=", add(value, mul(tilt, x - at)))


def tangent_conditions(f: Expr, x: Symbol, slope: Expr, at: Expr, value: Expr, tilt: Expr) -> tuple[Condition, ...]:
    return in_domain(x, at)


def convex_premises(f: Expr, x: Symbol, slope: Expr, at: Expr, value: Expr, tilt: Expr) -> tuple[Expr, ...]:
    return (
        known_slope(f, x, slope),
        Relation.of(Derivative.of(slope, x), ">=", ZERO),
        Relation.of(substitute(f, x, at), "=", value),
        Relation.of(substitute(slope, x, at), "=", tilt),
    )


def valley(f: Expr, x: Symbol, slope: Expr, at: Expr, value: Expr) -> Relation:
    return Relation.of(f, ">=", value)


def valley_conditions(f: Expr, x: Symbol, slope: Expr, at: Expr, value: Expr) -> tuple[Condition, ...]:
    return (constant(at, x), *in_domain(x, at))


def valley_premises(f: Expr, x: Symbol, slope: Expr, at: Expr, value: Expr) -> tuple[Expr, ...]:
    falls_then_rises = Relation.of(mul(x - at, slope), ">=", ZERO)
    return (known_slope(f, x, slope), falls_then_rises, Relation.of(substitute(f, x, at), "=", value))


def at_value(statement: Relation, x: Symbol, value: Expr) -> Expr:
    return substitute(statement, x, value)


def value_premises(statement: Relation, x: Symbol, value: Expr) -> tuple[Expr, ...]:
    return (statement,)


def value_conditions(statement: Relation, x: Symbol, value: Expr) -> tuple[Condition, ...]:
    return in_domain(x, value)


def compared(a: Expr, b: Expr, r: Expr, claim: Relation) -> Relation:
    return Relation.of(a, _order(claim), b)


def power_premises(a: Expr, b: Expr, r: Expr, claim: Relation) -> tuple[Expr, ...]:
    return (Relation.of(power(a, r), _order(claim), power(b, r)),)


def _order(claim: Relation) -> str:
    if claim.operator == "<=>":
        raise ValueError("numbers are compared here, not propositions")
    return claim.operator


def root_squared(a: Expr) -> Relation:
    return Relation.of(power(power(a, HALF), TWO), "=", a)


def square_of_magnitude(u: Expr) -> Relation:
    return Relation.of(power(Function((u,), ("abs",)), TWO), "=", power(u, TWO))


RULES = (
    Rule(
        "tangent of a convex function", "slopes",
        r"f'' \ge 0 \ \Rightarrow\ f(x) \ge f(a) + f'(a) (x - a)", above_tangent,
        "a convex function lies above its tangents", tangent_conditions, convex_premises,
        source="Boyd, Vandenberghe 2004, sec. 3.1.3",
    ),
    Rule(
        "sign of the derivative", "slopes",
        r"(x - a) f'(x) \ge 0 \ \Rightarrow\ f(x) \ge f(a)", valley,
        "a function that falls before a point and rises after it is least there", valley_conditions, valley_premises,
        source="Spivak, Calculus, ch. 11",
    ),
    Rule(
        "value of a variable", "slopes", r"P(x) \text{ for all } x \ \Rightarrow\ P(t)", at_value,
        "what holds for every value holds for this one", value_conditions, value_premises,
        source="universal instantiation",
    ),
    Rule(
        "comparing powers", "slopes", r"a^r \le b^r \ \Rightarrow\ a \le b", compared,
        "powers of nonnegative numbers keep their order",
        lambda a, b, r, claim: (nonnegative(a), nonnegative(b), positive(r)), power_premises,
        source="x^r is strictly increasing for x >= 0 and r > 0",
    ),
    Rule(
        "square of a root", "slopes", r"\sqrt{a}^2 = a", root_squared, "definition of the root",
        lambda a: (nonnegative(a),), source="definition of the square root",
    ),
    Rule(
        "square of a magnitude", "slopes", r"|u|^2 = u^2", square_of_magnitude,
        "the square forgets the sign", source="|u| is u or -u",
    ),
)  # fmt: skip
