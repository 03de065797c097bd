"""Examples and counterexamples of the rules of `gradproof.rules.indeterminate`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradproof.expression import Expr, Interval, Number, Sum, Symbol, power
from gradproof.rule import Bindings, Counterexample
from gradproof.rules.examples.letters import ONE, a, b, i, j, k, number, q, r, s, w, x, y, z
from gradproof.rules.limits import INFINITY
from gradproof.rules.terms import exp, log

ZERO, TWO = number(0), number(2)


def quotient(f: Expr, g: Expr, df: Expr, dg: Expr, value: Expr, v: Symbol = a) -> dict[str, Any]:
    """f / g as v tends to 0, from above where v is positive."""
    return {"f": f, "g": g, "x": v, "point": ZERO, "side": "+" if v == s else "", "df": df, "dg": dg, "value": value}


def over_power(f: Expr, derivatives: tuple[Expr, ...], value: Expr, point: Expr = ZERO, v: Symbol = a) -> Bindings:
    return {"f": f, "x": v, "point": point, "side": "", "derivatives": derivatives, "value": value}


over_one = Symbol.of("u", Interval(ONE.value, None))

EXAMPLES: Mapping[str, tuple[Bindings, ...]] = {
    "reciprocal variable": (
        {"f": s * (exp(b / s) - 1), "x": s, "u": a},
        {"f": s * (exp(b / s) - 1), "x": s, "u": r},
        {"f": exp(-(x**2)) * w[k], "x": x, "u": r},
    ),
    "exponential decay": ({"c": r, "x": s}, {"c": exp(a), "x": x}, {"c": Sum.over(j, y[j]), "x": s}),
    "relu of what falls": ({"c": a, "x": s}, {"c": z[k] ** 2, "x": x}),
    "L'Hopital's rule": (
        quotient(exp(a * b) - 1, a, b * exp(a * b), ONE, b),
        quotient(log(1 + s), 2 * s, power(1 + s, Number.of(-1)), TWO, ONE / 2, s),
        quotient(
            Sum.over(j, y[j] * (exp(a * z[j]) - 1)), exp(a) - 1, Sum.over(j, y[j] * z[j] * exp(a * z[j])), exp(a),
            Sum.over(j, y[j] * z[j]),
        ) | {"g": 2 * a, "dg": TWO, "value": Sum.over(j, y[j] * z[j]) / 2},
        {
            "f": power(s, Number.of(-2)), "g": power(s, Number.of(-2)) * b**2 + power(s, Number.of(-2)),
            "x": s, "point": INFINITY, "side": "", "df": -2 * power(s, Number.of(-3)),
            "dg": -2 * (b**2 + 1) * power(s, Number.of(-3)), "value": 1 / (b**2 + 1),
        },
    ),
    "L'Hopital's rule for a power": (
        over_power(exp(a) - 1 - a, (exp(a) - 1, exp(a)), ONE),
        over_power(log(s), (ONE / s,), ONE, ONE, s),
        over_power(
            Sum.over(i, y[i] * (exp(a * z[i]) - 1 - a * z[i])),
            (Sum.over(i, y[i] * (z[i] * exp(a * z[i]) - z[i])), Sum.over(i, y[i] * z[i] ** 2 * exp(a * z[i]))),
            Sum.over(i, y[i] * z[i] ** 2),
        ),
    ),
}  # fmt: skip

COUNTEREXAMPLES: Mapping[str, tuple[Counterexample, ...]] = {
    "reciprocal variable": (
        Counterexample(
            {"f": exp(-s) + r, "x": s, "u": r}, "independent",
            "r on the left is some number, on the right it falls to 0.",
        ),
        Counterexample({"f": exp(-q), "x": q, "u": r}, "form", "q lies between 0 and 1 and does not grow."),
        Counterexample({"f": exp(-s), "x": s, "u": over_one}, "form", "A variable above 1 does not fall to 0."),
    ),
    "exponential decay": (
        Counterexample({"c": a, "x": s}, "positive", "For a = -1 it grows, for a = 0 it stays 1."),
        Counterexample({"c": power(s, Number.of(-1)), "x": s}, "independent", "s / s is 1 however large s is."),
        Counterexample({"c": r, "x": q}, "form", "q lies between 0 and 1 and does not grow."),
    ),
    "relu of what falls": (
        Counterexample({"c": s + 1, "x": s}, "independent", "s + 1 - s stays 1 however large s is."),
        Counterexample({"c": a, "x": q}, "form", "q lies between 0 and 1 and does not grow."),
        Counterexample({"c": INFINITY, "x": s}, "form", "Infinity is not a number."),
    ),
    "L'Hopital's rule": (
        Counterexample(
            quotient(a + 1, a, ONE, ONE, ONE), "premise", "(a + 1) / a has no limit at 0: a + 1 does not vanish."
        ),
        Counterexample(
            quotient(exp(a) - 1, exp(b) + a, exp(a), ONE, ONE) | {"g": exp(a), "dg": exp(a)}, "premise",
            "(e^a - 1) / e^a tends to 0: the denominator does not vanish.",
        ),
        Counterexample(
            quotient(exp(a) - 1, a, 2 * exp(a), ONE, TWO), "premise", "The derivative of e^a is not 2 e^a."
        ),
        Counterexample(
            quotient(exp(a) - 1, 2 * a, exp(a), ONE, ONE), "premise", "The derivative of 2 a is not 1."
        ),
        Counterexample(
            quotient(exp(a) - 1, a, exp(a), ONE, TWO), "premise", "e^a tends to 1, not to 2."
        ),
        Counterexample(
            quotient(exp(x) - 1, x, exp(x), ONE, ONE, x), "unconstrained",
            "Where x >= 2 is given, x does not tend to 0.",
        ),
        Counterexample(
            quotient(q - 2, q - 2, ONE, ONE, ONE, q) | {"point": TWO}, "form", "q stays between 0 and 1."
        ),
        Counterexample(
            quotient(exp(a) - 1, a, exp(a), ONE, INFINITY), "form", "Infinity is not a number."
        ),
    ),
    "L'Hopital's rule for a power": (
        Counterexample(
            over_power(exp(a) - 1, (exp(a), exp(a)), ONE), "premise",
            "(e^a - 1) / a^2 has no limit at 0: the first derivative does not vanish.",
        ),
        Counterexample(
            over_power(exp(a) - a, (exp(a) - 1, exp(a)), ONE), "premise",
            "(e^a - a) / a^2 has no limit at 0: e^a - a does not vanish.",
        ),
        Counterexample(
            over_power(3 * (exp(a) - 1 - a), (exp(a) - 1, exp(a)), ONE), "premise", "The limit is 3/2, not 1/2."
        ),
        Counterexample(
            over_power(exp(a) - 1 - a, (exp(a) - 1, 3 * exp(a)), number(3)), "premise", "The limit is 1/2, not 3/2."
        ),
        Counterexample(
            over_power(exp(a) - 1 - a, (exp(a) - 1, exp(a)), TWO), "premise", "The limit is 1/2, not 1."
        ),
        Counterexample(
            over_power(exp(x) - 1, (exp(x),), ONE, v=x), "unconstrained", "Where x >= 2 is given, x does not tend to 0."
        ),
        Counterexample(over_power(a - s, (ONE,), ONE, s), "form", "The point is to be a number."),
        Counterexample(over_power(q - 2, (ONE,), ONE, TWO, q), "form", "q stays between 0 and 1."),
        Counterexample(over_power(a, (ONE,), INFINITY), "form", "Infinity is not a number."),
    ),
}  # fmt: skip
