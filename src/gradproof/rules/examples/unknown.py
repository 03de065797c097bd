"""Examples and counterexamples of the rules of `gradproof.rules.unknown`."""

from __future__ import annotations

from collections.abc import Mapping

from gradproof.expression import POSITIVE, Sum, Unknown
from gradproof.rule import Bindings, Counterexample
from gradproof.rules.examples.letters import a, b, i, j, k, s, softmax, y, z
from gradproof.rules.terms import exp

f, g = Unknown("f", POSITIVE), Unknown("g", orders=3)

EXAMPLES: Mapping[str, tuple[Bindings, ...]] = {
    "chain rule for an unknown function": (
        {"f": f(s * exp(a)), "x": a},
        {"f": f(y[i] / softmax[i]), "x": z[k]},
        {"f": g.derivative(Sum.over(j, z[j] * y[j]) + b, 2), "x": z[k]},
        {"f": g(g(a)), "x": a},
    ),
}

COUNTEREXAMPLES: Mapping[str, tuple[Counterexample, ...]] = {
    "chain rule for an unknown function": (
        Counterexample(
            {"f": f.derivative(s), "x": s}, "form", "f is differentiable, but f' need not be: t^2 sin(1/t) at 0, moved."
        ),
    ),
}
