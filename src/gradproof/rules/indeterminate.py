"""Indeterminate forms: L'Hopital's rule, limits at infinity as limits at 0, and what vanishes there.

Contract. `x` is a real symbol that its domain lets approach `point`, from the side "+", "-", or from wherever the
domain is; `df`, `dg` are the derivatives of `f`, `g` in x on the whole domain of x. That g and dg do not vanish near
the point needs no condition: every line must be defined, and f / g and df / dg stand in the conclusion and a premise.
(Where f is the number 0 no quotient is left of f / g: then the limit is 0 in any case.)

Blind spot. Only 0/0, and derivatives that are known on the whole domain, not just near the point.

Examples and counterexamples: `gradproof.rules.examples.indeterminate`.
"""

from __future__ import annotations

from itertools import pairwise
from math import factorial

from gradproof.expression import Derivative, Expr, Function, Number, Relation, Symbol, add, mul, power, substitute
from gradproof.rule import Condition, Rule, independent, positive
from gradproof.rules.limits import INFINITY, ZERO, approach, finite, limit
from gradproof.rules.terms import equal

MINUS_ONE = Number.of(-1)


def reciprocal(f: Expr, x: Symbol, u: Symbol) -> Relation:
    approach(x, INFINITY, "")
    approach(u, ZERO, "+")
    return equal(limit(f, x, INFINITY, ""), limit(substitute(f, x, power(u, MINUS_ONE)), u, ZERO, "+"))


def reciprocal_conditions(f: Expr, x: Symbol, u: Symbol) -> tuple[Condition, ...]:
    return (independent(f, u),)


def decay(c: Expr, x: Symbol) -> Relation:
    approach(x, INFINITY, "")
    return equal(limit(Function((mul(MINUS_ONE, c, x),), ("exp",)), x, INFINITY, ""), ZERO)


def decay_conditions(c: Expr, x: Symbol) -> tuple[Condition, ...]:
    return (independent(c, x), positive(c))


def passed(c: Expr, x: Symbol) -> Relation:
    approach(x, INFINITY, "")
    finite(c)
    return equal(limit(Function((c - x,), ("relu",)), x, INFINITY, ""), ZERO)


def passed_conditions(c: Expr, x: Symbol) -> tuple[Condition, ...]:
    return (independent(c, x),)


def lhopital(
    f: Expr, g: Expr, x: Symbol, point: Expr, side: str, df: Expr, dg: Expr, value: Expr
) -> Relation:  # fmt: skip
    approach(x, point, side)
    finite(value)
    return equal(limit(f / g, x, point, side), value)


def lhopital_premises(
    f: Expr, g: Expr, x: Symbol, point: Expr, side: str, df: Expr, dg: Expr, value: Expr
) -> tuple[Expr, ...]:
    slopes = (equal(Derivative.of(f, x), df), equal(Derivative.of(g, x), dg))
    zeros = (equal(limit(f, x, point, side), ZERO), equal(limit(g, x, point, side), ZERO))
    return (*slopes, *zeros, equal(limit(df / dg, x, point, side), value))


def lhopital_conditions(
    f: Expr, g: Expr, x: Symbol, point: Expr, side: str, df: Expr, dg: Expr, value: Expr
) -> tuple[Condition, ...]:
    return (Condition("unconstrained", (x,)),)


def over_power(
    f: Expr, x: Symbol, point: Expr, side: str, derivatives: tuple[Expr, ...], value: Expr
) -> Relation:  # fmt: skip
    """`derivatives` are the first, the second, ... up to the n-th derivative of f, n >= 1."""
    approach(x, point, side)
    finite(value)
    if not isinstance(point, Number):
        raise ValueError(f"the point must be a number, not {point!r}")
    n = len(derivatives)
    left = limit(f / power(add(x, -point), Number.of(n)), x, point, side)
    return equal(left, value / Number.of(factorial(n)))


def over_power_premises(
    f: Expr, x: Symbol, point: Expr, side: str, derivatives: tuple[Expr, ...], value: Expr
) -> tuple[Expr, ...]:
    rows = (f, *derivatives)
    slopes = (equal(Derivative.of(a, x), b) for a, b in pairwise(rows))
    ends = (*(ZERO for _ in derivatives), value)
    limits = (equal(limit(a, x, point, side), end) for a, end in zip(rows, ends, strict=True))
    return (*slopes, *limits)


def over_power_conditions(
    f: Expr, x: Symbol, point: Expr, side: str, derivatives: tuple[Expr, ...], value: Expr
) -> tuple[Condition, ...]:
    return (Condition("unconstrained", (x,)),)


RULES = (
    Rule(
        "reciprocal variable", "limits", r"\lim_{x \to \infty} f(x) = \lim_{u \to 0^+} f(1/u)", reciprocal,
        "as the variable grows, its reciprocal falls to 0", reciprocal_conditions,
        source="Spivak, Calculus, ch. 5, exercise 34",
    ),
    Rule(
        "exponential decay", "limits", r"\lim_{x \to \infty} e^{-c x} = 0 \text{ where } c > 0", decay,
        "exponential decay", decay_conditions,
        source="Rudin 1976, thm 8.6",
    ),
    Rule(
        "relu of what falls", "limits", r"\lim_{x \to \infty} \max(0, c - x) = 0", passed,
        "it is 0 as soon as the variable exceeds the constant", passed_conditions,
        source="definition of the limit",
    ),
    Rule(
        "L'Hopital's rule", "limits",
        r"f, g \to 0, \ \frac{f'}{g'} \to L \ \Rightarrow\ \lim_{x \to a} \frac{f}{g} = L", lhopital,
        "L'Hôpital's rule", lhopital_conditions, lhopital_premises,
        source="Rudin 1976, thm 5.13",
    ),
    Rule(
        "L'Hopital's rule for a power", "limits",
        r"f, f', \dots, f^{(n-1)} \to 0, \ f^{(n)} \to L \ \Rightarrow\ \lim_{x \to a} \frac{f(x)}{(x - a)^n}"
        r" = \frac{L}{n!}",
        over_power, "L'Hôpital's rule", over_power_conditions, over_power_premises,
        source="Rudin 1976, thm 5.13, n times",
    ),
)  # fmt: skip
