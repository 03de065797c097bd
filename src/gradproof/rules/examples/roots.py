"""Examples and counterexamples of the rules of `gradproof.rules.roots`."""

from __future__ import annotations

from collections.abc import Mapping

from gradproof.expression import Derivative, Entry, Function, Number, Ranking, Root, Sum, Symbol, Vector, power
from gradproof.rule import Bindings, Counterexample
from gradproof.rules.examples.letters import ONE, a, b, define, i, j, k, r, s, softmax, w, x, z
from gradproof.rules.terms import exp

ZERO, TWO = Number.of(0), Number.of(2)
u = Symbol.of("u")


def relu(e: object) -> Function:
    return Function((e,), ("relu",))  # type: ignore[arg-type]


log_sum_exp = Root.of(Sum.over(j, exp(z[j] - u)), ONE, u)
threshold: Entry = define("h", (), Root.of(Sum.over(j, relu(z[j] - u)), s, u))[()]
smooth: Entry = define("h", (), Root.of(Sum.over(j, exp(z[j] - u)), s, u))[()]
line = Root.of(r * u, x, u)
jumping = Root.of(u - w[Ranking.of("argsort", Vector.over(i, z[i]), i)], ZERO, u)

EXAMPLES: Mapping[str, tuple[Bindings, ...]] = {
    "defining equation of a root": ({"root": log_sum_exp}, {"root": threshold}, {"root": line}),
    "implicit differentiation": (
        {
            "root": smooth,
            "direct": exp(z[k] - smooth),
            "slope": Sum.over(j, exp(z[j] - smooth)),
            "x": z[k],
        },
        {"root": smooth, "direct": -ONE, "slope": Sum.over(j, exp(z[j] - smooth)), "x": s},
        {"root": line, "direct": -ONE, "slope": -r, "x": x},
        {"root": line, "direct": line, "slope": -r, "x": r},
    ),
}

COUNTEREXAMPLES: Mapping[str, tuple[Counterexample, ...]] = {
    "defining equation of a root": (
        Counterexample({"root": softmax[i]}, "form", "p_i is a name, but not of the root of an equation."),
    ),
    "implicit differentiation": (
        Counterexample(
            {"root": line, "direct": x + -x, "slope": ZERO, "x": x}, "nonzero",
            "The derivative of the equation is 0 = 0 - 0 du/dx, which says nothing of du/dx = 1/r.",
        ),
        Counterexample(
            {"root": jumping, "direct": ZERO, "slope": -ONE, "x": z[k]}, "continuous",
            "Where two entries of z are equal the root jumps from one w to another and has no derivative.",
        ),
        Counterexample(
            {"root": line, "direct": -TWO, "slope": -r, "x": x}, "premise",
            "The derivative of r u - x is -1 + r du/dx, so du/dx is 1/r and not 2/r.",
        ),
        Counterexample(
            {"root": line, "direct": -Derivative.of(line, x), "slope": -ONE, "x": x}, "form",
            "The derivative of the root is expressed by itself, so nothing shows that it exists.",
        ),
        Counterexample(
            {"root": power(a, b), "direct": a, "slope": b, "x": a}, "form", "a^b is no root of an equation."
        ),
    ),
}  # fmt: skip
