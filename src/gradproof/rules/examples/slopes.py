"""Examples and counterexamples of the rules of `gradproof.rules.slopes`."""

from __future__ import annotations

from collections.abc import Mapping

from gradproof.expression import Derivative, Expr, Number, Relation, Symbol
from gradproof.rule import Bindings, Counterexample
from gradproof.rules.examples.letters import ONE, a, b, bit, i, p, q, r, s, w, x, y, z
from gradproof.rules.terms import exp, log

ZERO, TWO = Number.of(0), Number.of(2)


def least(f: Expr, slope: Expr, at: Expr, value: Expr, over: Symbol = x) -> Bindings:
    return {"f": f, "x": over, "slope": slope, "at": at, "value": value}


def tangent(f: Expr, slope: Expr, at: Expr, value: Expr, tilt: Expr, over: Symbol = x) -> Bindings:
    return {**least(f, slope, at, value, over), "tilt": tilt}


def value(statement: Expr, over: Symbol, at: Expr) -> Bindings:
    return {"statement": statement, "x": over, "value": at}


def powers(left: Expr, right: Expr, r: Expr, claim: Expr) -> Bindings:
    return {"a": left, "b": right, "r": r, "claim": claim}


EXAMPLES: Mapping[str, tuple[Bindings, ...]] = {
    "tangent of a convex function": (
        tangent(exp(x), exp(x), a, exp(a), exp(a)),
        tangent(s * log(s), log(s) + 1, ONE, ZERO, ONE, s),
        tangent((x - z[i]) ** 2, 2 * (x - z[i]), z[i] + a, a**2, 2 * a),
        tangent(x**2, 2 * x, x + 1, (x + 1) ** 2, 2 * (x + 1)),
    ),
    "sign of the derivative": (
        least(s - log(s), 1 - 1 / s, ONE, ONE, s),
        least((x - a) ** 4, 4 * (x - a) ** 3, a, ZERO),
    ),
    "value of a variable": (
        value(log(s) <= s - 1, s, y[i] / p[i]),
        value(exp(x) >= 1 + x, x, z[i] - w[i]),
        value(q * (1 - q) <= ONE / 4, q, r / (r + s)),
    ),
    "comparing powers": (
        powers(r, r + s, TWO, a <= b),
        powers(r, exp(x) + r, ONE / 2, a < b),
    ),
    "square of a root": ({"a": s}, {"a": (x - a) ** 2}),
    "square of a magnitude": ({"u": x}, {"u": z[i] - w[i]}),
}

COUNTEREXAMPLES: Mapping[str, tuple[Counterexample, ...]] = {
    "tangent of a convex function": (
        Counterexample(
            tangent(s**3, 3 * s**2, -ONE, -ONE, 3 * ONE, s), "holds",
            "s^3 is convex for s > 0 only: at s = 1 it is less than its tangent at -1, 3s + 2.",
        ),
        Counterexample(
            tangent((x - 2) ** 3, 3 * (x - 2) ** 2, -ONE, -27 * ONE, 27 * ONE), "unconstrained",
            "Where x >= 2 is given, f is known to be convex only there, and -1 is not there.",
        ),
        Counterexample(tangent(x**2, 2 * x + 1, a, a**2, 2 * a + 1), "premise", "The slope of x^2 is 2x, not 2x + 1."),
        Counterexample(tangent(-(x**2), -2 * x, a, -(a**2), -2 * a), "premise", "-x^2 lies below its tangents."),
        Counterexample(tangent(x**2, 2 * x, a, a**2 + 1, 2 * a), "premise", "The value at a is a^2, not a^2 + 1."),
        Counterexample(tangent(x**2, 2 * x, a, a**2, 2 * a + 1), "premise", "The slope at a is 2a, not 2a + 1."),
        Counterexample(
            tangent(x**2, Derivative.of(x**2, x), ONE, ONE, 2 * ONE), "form",
            "The slope must be known as a term, to be had at a point.",
        ),
        Counterexample(
            tangent(bit**2, 2 * bit, ONE, ONE, 2 * ONE, bit), "form", "b is 0 or 1: there is no derivative in it."
        ),
    ),
    "sign of the derivative": (
        Counterexample(
            least(x**2, 2 * x, -2 * x, 4 * x**2), "constant", "The point moves: x^2 is not at least (-2x)^2."
        ),
        Counterexample(
            least(s**2, 2 * s, -ONE, ONE, s), "holds", "s is positive: s^2 rises, but from s = -1 it falls first."
        ),
        Counterexample(
            least((x - 2) ** 2, 2 * (x - 2), ONE, ONE), "unconstrained",
            "Where x >= 2 is given, f is known to rise only there; its value at 1 is larger than that at 2.",
        ),
        Counterexample(least(-(x**2), x - a, a, -(a**2)), "premise", "The slope of -x^2 is -2x, not x - a."),
        Counterexample(
            least(-((x - a) ** 2), -2 * (x - a), a, ZERO), "premise", "-(x - a)^2 rises to its maximum at a."
        ),
        Counterexample(least((x - a) ** 2, 2 * (x - a), a, ONE), "premise", "The value at a is 0, not 1."),
        Counterexample(
            least(x**2, Derivative.of(x**2, x), ZERO, ZERO), "form",
            "A derivative may not exist; the slope must be a term.",
        ),
    ),
    "value of a variable": (
        Counterexample(value(s > 0, s, x), "holds", "What holds for positive s need not hold for any x."),
        Counterexample(
            value(x >= 2, x, a), "unconstrained", "That x >= 2 is given of x, it is not true of every number."
        ),
        Counterexample(value(x >= 0, x, a), "premise", "Not every x is at least 0, and not every a."),
        Counterexample(
            value(Relation.of(Derivative.of(x**2, x), "=", 2 * x), x, a + b), "form",
            "There is no derivative in a + b.",
        ),
        Counterexample(value(bit * (bit - 1) >= 0, bit, ONE / 2), "form", "b is 0 or 1, and never 1/2."),
    ),
    "comparing powers": (
        Counterexample(powers(r, -2 * r, TWO, a <= b), "nonnegative", "1 <= (-2)^2, but not 1 <= -2."),
        Counterexample(powers(-2 * r, r, TWO, a >= b), "nonnegative", "(-2)^2 >= 1, but not -2 >= 1."),
        Counterexample(powers(r + s, r, -ONE, a <= b), "positive", "1/2 <= 1, but not 2 <= 1."),
        Counterexample(powers(r + s, r, TWO, a <= b), "premise", "(r + s)^2 is larger than r^2."),
        Counterexample(
            powers(r, s, TWO, Relation.of(a > b, "<=>", b < a)), "form", "Propositions have no powers."
        ),
    ),
    "square of a root": (
        Counterexample({"a": x}, "nonnegative", "For x = -1 there is no real root of x."),
    ),
}  # fmt: skip
