"""Examples and counterexamples of the rules of `gradproof.rules.order`."""

from __future__ import annotations

from collections.abc import Mapping

from gradproof.expression import Relation, Sum
from gradproof.rule import Bindings, Counterexample
from gradproof.rules.examples.letters import ONE, W, a, b, equation, i, j, k, n, r, s, softmax, w, x, y, z
from gradproof.rules.terms import exp, log

EQUIVALENCE = Relation.of(a > b, "<=>", b < a)

EXAMPLES: Mapping[str, tuple[Bindings, ...]] = {
    "sign of the difference": (
        {"a": a**2 + b**2, "b": 2 * a * b, "claim": a >= b},
        {"a": log(Sum.over(j, exp(z[j]))), "b": z[k], "claim": a >= b},
    ),
    "log x <= x - 1": ({"x": s}, {"x": y[i] / softmax[i]}),
    "log x >= 1 - 1/x": ({"x": s}, {"x": y[i] / softmax[i]}),
    "tangent of log": ({"x": s, "c": r}, {"x": y[i], "c": exp(ONE)}),
    "one term of a sum": (
        {"body": exp(z[j]), "index": j, "at": k},
        {"body": y[j] * (z[j] - w[j]) ** 2, "index": j, "at": ONE},
    ),
    "exp x >= 1 + x": ({"x": x}, {"x": z[i] - W[n, i]}),
    "log is increasing": (
        {"a": r, "b": s, "claim": a > b},
        {"a": exp(z[i]), "b": y[k], "claim": equation(a, b)},
    ),
    "exp is increasing": (
        {"a": a, "b": b, "claim": a <= b},
        {"a": z[i], "b": z[k], "claim": Relation.of(a, "!=", b)},
    ),
    "scaling a relation": ({"claim": equation(a, b), "factor": -s}, {"claim": z[i] <= w[k], "factor": y[i]}),
    "log x = x - 1 only at 1": (
        {"weight": ONE, "x": y[j], "index": j},
        {"weight": y[j], "x": softmax[j] / y[j], "index": j},
    ),
    "sum of nonnegative terms": ({"body": z[j] ** 2, "index": j}, {"body": y[j] * (z[j] - w[j]) ** 2, "index": j}),
}

COUNTEREXAMPLES: Mapping[str, tuple[Counterexample, ...]] = {
    "sign of the difference": (
        Counterexample({"a": x, "b": x**2, "claim": a >= b}, "premise", "For x = 2 the difference is -2."),
        Counterexample(
            {"a": a, "b": b, "claim": EQUIVALENCE}, "form", "Numbers have a difference, propositions have none."
        ),
    ),
    "log x <= x - 1": (
        Counterexample({"x": x}, "positive", "For x = -1 there is no log x, while x - 1 is defined."),
    ),
    "log x >= 1 - 1/x": (
        Counterexample({"x": x}, "positive", "For x = -1 there is no log x, while 1 - 1/x is defined."),
    ),
    "log is increasing": (
        Counterexample(
            {"a": a, "b": b, "claim": a > b}, "positive", "For a = 1, b = -1 the left side holds, log b is undefined."
        ),
        Counterexample(
            {"a": r, "b": s, "claim": EQUIVALENCE}, "form", "Numbers have a logarithm, propositions have none."
        ),
    ),
    "tangent of log": (
        Counterexample({"x": x, "c": s}, "positive", "log x is not defined for x <= 0."),
        Counterexample({"x": s, "c": -r}, "positive", "log c is not defined for c <= 0."),
    ),
    "one term of a sum": (
        Counterexample(
            {"body": z[j], "index": j, "at": k}, "nonnegative", "For z = (1, -1) the sum is 0, less than z_1."
        ),
        Counterexample({"body": y[j], "index": j, "at": n}, "in_range", "There may be no n-th term."),
    ),
    "exp is increasing": (
        Counterexample(
            {"a": a, "b": b, "claim": EQUIVALENCE}, "form", "Numbers have an exponential, propositions have none."
        ),
    ),
    "scaling a relation": (
        Counterexample(
            {"claim": equation(a, b), "factor": x}, "nonzero", "For x = 0 both products are 0, whatever a and b are."
        ),
        Counterexample(
            {"claim": a < b, "factor": -s}, "positive", "A negative factor reverses an inequality: 1 < 2, but -2 < -1."
        ),
        Counterexample({"claim": EQUIVALENCE, "factor": s}, "form", "Propositions are not multiplied by numbers."),
    ),
    "log x = x - 1 only at 1": (
        Counterexample(
            {"weight": z[j], "x": y[j], "index": j}, "positive",
            "A term of weight 0 vanishes whatever y_j is, and weights of both signs cancel.",
        ),
        Counterexample(
            {"weight": y[j], "x": z[j], "index": j}, "positive", "For z_j = -1 there is no log z_j."
        ),
    ),
    "sum of nonnegative terms": (
        Counterexample({"body": z[j], "index": j}, "nonnegative", "For z = (1, -1) the sum is 0, its terms are not."),
    ),
}  # fmt: skip
