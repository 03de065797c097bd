"""Examples and counterexamples of the rules of `gradproof.rules.conventions`."""

from __future__ import annotations

from collections.abc import Mapping

from gradproof.expression import NATURAL, NONNEGATIVE, Array, Delta, Symbol
from gradproof.rule import Bindings, Counterexample
from gradproof.rules.examples.letters import K, a, bit, i, j, number, p, q, r, s, softmax, y
from gradproof.rules.ranges import at_most

x = Symbol.of("x", NONNEGATIVE)
v = Array("v", (K,), NONNEGATIVE)
count = Symbol.of("n", NATURAL)

EXAMPLES: Mapping[str, tuple[Bindings, ...]] = {
    "relative entropy of a positive number": ({"x": r, "y": s}, {"x": softmax[i], "y": y[i] * 2}),
    "second logarithm of a relative entropy": (
        {"x": x, "y": r},
        {"x": v[i], "y": softmax[i]},
        {"x": Delta((i, j)), "y": p[i]},
    ),
    "0 log 0 = 0 and 1 log 1 = 0": ({"b": Delta((i, j))}, {"b": bit}, {"b": number(0)}, {"b": at_most(i, j)}),
}

COUNTEREXAMPLES: Mapping[str, tuple[Counterexample, ...]] = {
    "relative entropy of a positive number": (
        Counterexample({"x": x, "y": s}, "positive", "At x = 0 the left side is 0, and log 0 is not defined."),
        Counterexample({"x": r, "y": a}, "positive", "Neither side is defined for a <= 0."),
    ),
    "second logarithm of a relative entropy": (
        Counterexample({"x": a, "y": s}, "nonnegative", "Neither side is defined for a < 0."),
        Counterexample({"x": x, "y": a}, "positive", "log a is not defined for a <= 0."),
    ),
    "0 log 0 = 0 and 1 log 1 = 0": (
        Counterexample({"b": q}, "whole", "At q = 1/2 it is -(log 2)/2."),
        Counterexample({"b": -bit}, "nonnegative", "At b = -1 it is not defined."),
        Counterexample({"b": count}, "holds", "At n = 2 it is 2 log 2."),
    ),
}  # fmt: skip
