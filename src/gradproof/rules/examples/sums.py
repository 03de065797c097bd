"""Examples and counterexamples of the rules of `gradproof.rules.sums`."""

from __future__ import annotations

from collections.abc import Mapping

from gradproof.expression import Delta, Index
from gradproof.rule import Bindings, Counterexample
from gradproof.rules.examples.letters import ONE, K, N, W, a, i, j, k, n, one, single, softmax, w, y, z
from gradproof.rules.terms import exp

up_to_i = Index.of("m", i)  # an index whose range depends on another one

EXAMPLES: Mapping[str, tuple[Bindings, ...]] = {
    "sum of a sum": ({"terms": (z[j], y[j] * w[j]), "index": j}, {"terms": (exp(W[n, j]), a, z[k]), "index": j}),
    "constant out of a sum": ({"c": a, "body": z[j], "index": j}, {"c": softmax[k], "body": exp(z[j]), "index": j}),
    "sum of a constant": (
        {"c": a, "index": j},
        {"c": y[k] * z[k], "index": j},
        {"c": a, "index": Index.of("j", K + 1)},
    ),
    "delta contraction": (
        {"delta": Delta((j, k)), "body": y[j] * exp(z[j]), "index": j},
        {"delta": Delta((ONE, j)), "body": W[n, j], "index": j},
    ),
    "symmetry of delta": ({"i": i, "j": k}, {"i": k, "j": ONE}),
    "delta identifies indices": (
        {"delta": Delta((j, k)), "body": z[j] * w[j], "old": j},
        {"delta": Delta((j, ONE)), "body": softmax[j], "old": j},
    ),
    "interchange of finite sums": (
        {"body": W[n, j], "outer": n, "inner": j},
        {"body": z[i] * exp(w[j]), "outer": i, "inner": j},
    ),
    "sum of size one": ({"body": exp(single[one]), "index": one}, {"body": a, "index": one}),
}

COUNTEREXAMPLES: Mapping[str, tuple[Counterexample, ...]] = {
    "constant out of a sum": (
        Counterexample(
            {"c": z[j], "body": w[j], "index": j}, "independent",
            "z_j differs from term to term; outside of the sum j would be another, free index.",
        ),
    ),
    "sum of a constant": (
        Counterexample(
            {"c": z[j], "index": j}, "independent", "The terms z_j differ; outside of the sum j would be a free index."
        ),
        Counterexample(
            {"c": a, "index": Index.of("j", N - 2)}, "nonnegative",
            "For N = 1 the sum is empty, so it is 0, while (N - 2) a is -a.",
        ),
    ),
    "delta contraction": (
        Counterexample(
            {"delta": Delta((j, n)), "body": a, "index": j}, "in_range",
            "n may be larger than K: then no term is kept and the sum is 0, not a.",
        ),
        Counterexample(
            {"delta": Delta((i, k)), "body": z[j], "index": j}, "form",
            "The delta does not mention the bound index, so it keeps all terms or none.",
        ),
        Counterexample(
            {"delta": Delta((j, K - j + 1)), "body": z[j], "index": j}, "form",
            "Which term is kept depends on j itself: the middle one, or none where K is even.",
        ),
    ),
    "delta identifies indices": (
        Counterexample(
            {"delta": Delta((j, n)), "body": z[j], "old": j}, "in_range",
            "n may be larger than K: then there is no z_n, while the left side is 0.",
        ),
        Counterexample(
            {"delta": Delta((i, k)), "body": z[j], "old": j}, "form",
            "The delta says nothing of j, so j may not be replaced by either of its indices.",
        ),
    ),
    "interchange of finite sums": (
        Counterexample(
            {"body": z[i], "outer": i, "inner": up_to_i}, "independent",
            "The inner sum has i terms; pulled outside, its size would be another, free i.",
        ),
        Counterexample(
            {"body": z[i], "outer": up_to_i, "inner": i}, "independent",
            "The outer sum has i terms, where i is free; pushed inside, i would be bound.",
        ),
    ),
    "sum of size one": (
        Counterexample(
            {"body": z[j], "index": j}, "form", "For K = 2 the sum is z_1 + z_2, not z_1 alone."
        ),
    ),
}  # fmt: skip
