"""Examples and counterexamples of the rules of `gradproof.rules.optima`. Kind "premise": it is false, so not proved."""

from __future__ import annotations

from collections.abc import Mapping

from gradproof.expression import Array, Expr, Fraction, Number, Product, Sum, Vector
from gradproof.rule import Bindings, Counterexample
from gradproof.rules.examples.letters import ONE, K, a, bit, i, j, number, p, q, r, s, w, x, y, z
from gradproof.rules.terms import exp, log

ZERO, TWO, HALF = number(0), number(2), Number.of(Fraction(1, 2))
MEAN = Sum.over(j, z[j]) / K
DISTANCE = Sum.over(j, (x - z[j]) ** 2)  # of one number from many
SQUARES = Sum.over(j, w[j] ** 2)  # of an array
PARABOLA = -((x - 1) ** 2)


def best(kind: str, f: Expr, at: Expr, over: Expr = x) -> dict[str, object]:
    return {"kind": kind, "f": f, "x": over, "point": at}


def bound(kind: str, f: Expr, at: Expr, c: Expr) -> Bindings:
    """The family with members `at` attains the bound c of f, over w."""
    return {"kind": kind, "f": f, "x": w, "point": Vector.over(i, at), "bound": c}


def grown(f: Expr, at: Expr, weight: Expr, rest: Expr, over: Array = w, kind: str = "min") -> Bindings:
    """f is larger than at the family with members `at` by a multiple of the squared distance, and the rest."""
    return {"kind": kind, "f": f, "x": over, "point": Vector.over(i, at), "weight": weight, "rest": rest}


EXAMPLES: Mapping[str, tuple[Bindings, ...]] = {
    "stationary point of a concave function": (
        best("max", s * log(q) + r * log(1 - q), s / (s + r), q),
        best("min", DISTANCE, MEAN),
    ),
    "log keeps the optimum": (
        best("max", exp(-((x - a) ** 2)), a),
        best("max", Product.over(j, exp(-((x - z[j]) ** 2))), MEAN),
    ),
    "negation swaps maximum and minimum": (best("max", (x - a) ** 2, a), best("max", DISTANCE, MEAN)),
    "equal functions have equal optima": (
        {**best("min", (x - a) ** 2, a), "g": x**2 - 2 * a * x + a**2},
        {**best("min", DISTANCE, MEAN), "g": K * x**2 - 2 * x * Sum.over(j, z[j]) + Sum.over(j, z[j] ** 2)},
    ),
    "attained bound": (
        bound("min", Sum.over(j, (w[j] - z[j]) ** 2) + a, z[i], a),
        {
            "kind": "min",
            "f": Sum.over(j, y[j] * log(y[j] / p[j])),
            "x": p,
            "point": Vector.over(i, y[i]),
            "bound": ZERO,
        },
    ),
    "quadratic growth": (
        grown(r * Sum.over(i, (w[i] - z[i]) ** 2) + a, z[i], r, ZERO),
        grown(Sum.over(i, (p[i] + 2) * (w[i] - z[i]) ** 2), z[i], TWO, Sum.over(i, p[i] * (w[i] - z[i]) ** 2)),
        grown(-Sum.over(i, (y[i] - p[i]) ** 2), p[i], ONE, ZERO, y, "max"),
    ),
}

COUNTEREXAMPLES: Mapping[str, tuple[Counterexample, ...]] = {
    "stationary point of a concave function": (
        Counterexample(
            best("max", PARABOLA, 2 * x - 1), "constant",
            "x = 2x - 1 says x = 1, but the point 2x - 1 is the maximum only there.",
        ),
        Counterexample(
            best("max", PARABOLA, ONE), "unconstrained", "Where x >= 2 is given, the point 1 is not feasible."
        ),
        Counterexample(
            best("max", -((s + 1) ** 2), number(-1), s), "holds",
            "s is positive, so it never is -1; its derivative vanishes nowhere, and there is no maximum.",
        ),
        Counterexample(
            best("max", -((bit - ONE / 2) ** 2), ONE / 2, bit), "form",
            "b is 0 or 1, so the stationary point 1/2 is no value of b.",
        ),
        Counterexample(best("max", -(x**2), ONE), "premise", "The derivative of -x^2 does not vanish at 1."),
        Counterexample(best("max", x**2, ZERO), "premise", "x^2 is convex: its stationary point 0 is the minimum."),
    ),
    "log keeps the optimum": (
        Counterexample(
            best("min", 2 * bit - 1, ONE, bit), "positive",
            "Of 2b - 1 only the value at b = 1 has a logarithm, but the value at b = 0 is smaller.",
        ),
        Counterexample(best("max", exp(-(x**2)), ONE), "premise", "log f is -x^2, whose maximum is at 0, not at 1."),
    ),
    "negation swaps maximum and minimum": (
        Counterexample(best("max", x**2, ONE), "premise", "1 is not the minimum of x^2, so not the maximum of -x^2."),
        Counterexample(best("sup", x**2, ZERO), "form", "There is a maximum and a minimum, and nothing else."),
    ),
    "equal functions have equal optima": (
        Counterexample({**best("min", x**2, ONE), "g": x**2}, "premise", "1 is not the minimum of x^2."),
        Counterexample(
            {**best("min", x**2, ZERO), "g": (x - 1) ** 2}, "premise", "The functions differ, and their minima too."
        ),
    ),
    "attained bound": (
        Counterexample(
            bound("min", SQUARES, ONE, SQUARES - Sum.over(j, (w[j] - 1) ** 2)), "constant",
            "The bound moves with w and meets f at w = 1, where f is not least.",
        ),
        Counterexample(
            bound("min", SQUARES, 2 * w[i], ZERO), "constant", "w = 2w says w = 0, but 2w is the minimum only there."
        ),
        Counterexample(
            {"kind": "min", "f": Sum.over(j, y[j] ** 2), "x": y, "point": Vector.over(i, ZERO), "bound": ZERO},
            "feasible", "y is positive: the bound is attained nowhere.",
        ),
        Counterexample(bound("min", -SQUARES, ZERO, ZERO), "premise", "-1 is less than the bound 0."),
        Counterexample(
            bound("min", Sum.over(j, w[j] ** 2 * (w[j] - 1) ** 2), ZERO, ZERO), "premise",
            "The bound is attained at w = 1 as well, so 0 is not the only minimum.",
        ),
    ),
    "quadratic growth": (
        Counterexample(grown(a, z[i], ZERO, ZERO), "positive", "A constant does not grow, and is least everywhere."),
        Counterexample(
            grown(-SQUARES, ZERO, ONE, -2 * SQUARES), "nonnegative", "-w^2 is largest at 0, what is left being -2 w^2."
        ),
        Counterexample(
            grown(Sum.over(j, (y[j] - w[j]) ** 2), w[i], ONE, ZERO, y), "feasible",
            "y is positive, and the nearest point w may be negative.",
        ),
        Counterexample(
            grown(Sum.over(j, y[j] ** 2), HALF * y[i], ONE, HALF * Sum.over(j, y[j] ** 2), y), "constant",
            "Half of y is better than y, but what is half of y moves with it.",
        ),
        Counterexample(
            grown(Sum.over(j, (w[j] - 2) ** 2), ONE, ONE, ZERO), "premise",
            "The squared distance is that to 2, not to 1.",
        ),
    ),
}  # fmt: skip
