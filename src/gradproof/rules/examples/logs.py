"""Examples and counterexamples of the rules of `gradproof.rules.logs`."""

from __future__ import annotations

from collections.abc import Mapping

from gradproof.expression import Sum
from gradproof.rule import Bindings, Counterexample
from gradproof.rules.examples.letters import W, a, b, i, j, k, n, number, r, s, softmax, w, x, y, z
from gradproof.rules.terms import exp

EXAMPLES: Mapping[str, tuple[Bindings, ...]] = {
    "log of a product": ({"factors": (r, s)}, {"factors": (number(2), y[i], exp(z[i]))}),
    "log of a quotient": ({"a": r, "b": s}, {"a": exp(z[i]), "b": Sum.over(j, exp(z[j]))}),
    "log of a power": ({"a": s, "r": number(3)}, {"a": y[i], "r": z[k]}),
    "log of exp": ({"u": x}, {"u": z[i] * w[i]}),
    "exp of log": ({"a": s}, {"a": softmax[i]}),
    "exp of a sum": ({"terms": (a, b)}, {"terms": (z[i], -z[k], a)}),
    "log of a finite product": ({"body": y[j], "index": j}, {"body": s + exp(W[n, j]), "index": j}),
    "log-sum-exp shift": ({"body": z[j], "shift": a, "index": j}, {"body": W[n, j], "shift": W[n, k], "index": j}),
    "log of sigma": ({"u": x}, {"u": z[i] - z[k]}),
    "sigma": ({"u": x}, {"u": Sum.over(j, w[j] * z[j])}),
    "softplus": ({"u": x}, {"u": -(z[i] * a)}),
}

COUNTEREXAMPLES: Mapping[str, tuple[Counterexample, ...]] = {
    "log of a product": (
        Counterexample({"factors": (a, b)}, "positive", "For a = b = -1 the left is log 1, the right undefined."),
    ),
    "log of a quotient": (
        Counterexample(
            {"a": a, "b": b}, "positive", "For a = b = -1 the left is log 1, the right undefined."
        ),
        Counterexample(
            {"a": s, "b": b}, "positive", "For b = -1 neither side is defined."
        ),
    ),
    "log of a power": (
        Counterexample(
            {"a": x, "r": number(2)}, "positive", "For x = -1 the left side is log 1, the right is undefined."
        ),
    ),
    "exp of log": (Counterexample({"a": x}, "positive", "For x = -1 there is no log x, while x is defined."),),
    "log of a finite product": (
        Counterexample(
            {"body": z[j], "index": j}, "positive",
            "For K = 2 and z = (-1, -1) the product is 1, while its factors have no logarithms.",
        ),
    ),
    "log-sum-exp shift": (
        Counterexample(
            {"body": z[j], "shift": z[j], "index": j}, "independent",
            "Under the sum z_j is every entry in turn: the right side is z_j + log K.",
        ),
    ),
}  # fmt: skip
