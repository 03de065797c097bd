"""Examples and counterexamples of the rules of `gradproof.rules.ranges`."""

from __future__ import annotations

from collections.abc import Mapping

from gradproof.expression import Array, Index
from gradproof.rule import Bindings, Counterexample
from gradproof.rules.examples.letters import ONE, K, W, a, i, j, k, n, number, r, s, y, z
from gradproof.rules.terms import exp

longer = K + 1
V, U = Array("V", (longer,)), Array("U", (longer,))
m, t = Index.of("m", longer), Index.of("t", longer)
c = Array("c", (K,), into=K)  # labels

EXAMPLES: Mapping[str, tuple[Bindings, ...]] = {
    "first term apart": ({"i": i, "j": j}, {"i": t, "j": K}, {"i": j + 1, "j": m}, {"i": c[k], "j": number(2)}),
    "order the other way round": ({"i": i, "j": j}, {"i": n, "j": longer}, {"i": c[i], "j": c[j]}),
    "telescoping": (
        {"body": V[m], "m": m, "index": j, "start": ONE},
        {"body": V[m] * exp(U[m]), "m": m, "index": j, "start": t},
        {"body": r ** (m - t) * V[m], "m": m, "index": j, "start": t},
        {"body": m**2, "m": m, "index": j, "start": k + 1},
        {"body": V[longer - m + 1] * W[n, k], "m": m, "index": j, "start": longer},
    ),
}

COUNTEREXAMPLES: Mapping[str, tuple[Counterexample, ...]] = {
    "first term apart": (
        Counterexample({"i": a, "j": number(1)}, "whole", "At a = 3/2 the left side is 1 and the right side 0."),
        Counterexample({"i": number(1), "j": s}, "whole", "At s = 1/2 the left side is 1 and the right side 0."),
    ),
    "order the other way round": (
        Counterexample({"i": a, "j": number(1)}, "whole", "At a = 3/2 the left side is 1 and the right side 0."),
    ),
    "telescoping": (
        Counterexample(
            {"body": z[i], "m": i, "index": j, "start": ONE}, "in_range", "There is no z_{K+1} at the end."
        ),
        Counterexample(
            {"body": m * a, "m": m, "index": j, "start": n}, "in_range",
            "n may be larger than K + 1: then the sum is empty, so 0, and the right side is not.",
        ),
        Counterexample(
            {"body": y[j] * m, "m": m, "index": j, "start": ONE}, "independent",
            "The factor y_j changes from term to term; outside of the sum j would be another, free index.",
        ),
        Counterexample(
            {"body": m * a, "m": m, "index": j, "start": j}, "independent",
            "Under the sum every term is kept, since j <= j; outside j would be another, free index.",
        ),
    ),
}  # fmt: skip
