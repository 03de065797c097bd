"""Examples and counterexamples of the rules of `gradproof.rules.ranks`."""

from __future__ import annotations

from collections.abc import Mapping

from gradproof.expression import Array, Delta, Index, OfMatrix, Ranking, Vector
from gradproof.rule import Bindings, Counterexample
from gradproof.rules.examples.letters import K, W, i, j, k, m, n, w, x, y, z
from gradproof.rules.examples.matrices import A
from gradproof.rules.terms import exp

family, products = Vector.over(j, z[j]), Vector.over(j, w[j] * z[j])
V, last = Array("V", (K + 1,)), Index.of("l", K + 1)  # one member more than i, j and k reach
sorted_i = Ranking.of("argsort", family, i)

EXAMPLES: Mapping[str, tuple[Bindings, ...]] = {
    "rank and argsort": (
        {"kind": "argsort", "family": family, "at": k, "body": exp(w[j]) * z[j], "index": j},
        {"kind": "rank", "family": products, "at": k, "body": Delta((j, i)), "index": j},
    ),
    "delta of a rank": (
        {"kind": "argsort", "family": family, "left": i, "right": k},
        {"kind": "rank", "family": products, "left": i, "right": sorted_i},
    ),
    "sum in sorted order": (
        {"kind": "argsort", "family": family, "body": exp(w[i]) * y[i], "index": i},
        {"kind": "rank", "family": products, "body": z[i] * Delta((i, k)), "index": i},
    ),
    "order without ties": (
        {"c": w[sorted_i], "x": z[k]},
        {"c": x * Delta((Ranking.of("rank", family, i), j)), "x": z[k]},
    ),
}

COUNTEREXAMPLES: Mapping[str, tuple[Counterexample, ...]] = {
    "rank and argsort": (
        Counterexample(
            {"kind": "argsort", "family": family, "at": n, "body": W[m, j], "index": j}, "in_range",
            "The n-th entry of a family of K members need not exist.",
        ),
        Counterexample(
            {"kind": "least", "family": family, "at": k, "body": z[j], "index": j}, "form", "There is no such order."
        ),
    ),
    "delta of a rank": (
        Counterexample(
            {"kind": "argsort", "family": family, "left": n, "right": k}, "in_range",
            "The n-th smallest of K members need not exist.",
        ),
    ),
    "sum in sorted order": (
        Counterexample(
            {"kind": "argsort", "family": Vector.over(j, w[i] * z[j]), "body": z[i], "index": i}, "independent",
            "Each i has an order of its own, so that some entries may be taken twice.",
        ),
        Counterexample(
            {"kind": "argsort", "family": family, "body": W[n, k], "index": n}, "in_range",
            "The order of K members is no permutation of N rows.",
        ),
        Counterexample(
            {"kind": "argsort", "family": Vector.over(last, V[last]), "body": V[i], "index": i}, "in_range",
            "The first K of the K + 1 members in order are the smallest K, not the K that stand first.",
        ),
    ),
    "order without ties": (
        Counterexample({"c": z[i], "x": z[k]}, "settled", "The entry itself moves: its derivative is delta_ik."),
        Counterexample(
            {"c": z[sorted_i], "x": z[k]}, "settled", "The i-th smallest entry moves with the entry that it is."
        ),
        Counterexample(
            {"c": OfMatrix.of("inverse", A, (i, j)), "x": A[k, k]}, "settled",
            "There is no order here at all: an entry of the inverse moves with every entry of the matrix.",
        ),
    ),
}  # fmt: skip
