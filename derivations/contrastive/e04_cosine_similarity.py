"""Cosine similarity in an embedding that is not normalised."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
u, v = vector("u", K), vector("v", K)
U, V = let("U", Sum(u[i] ** 2, i)), let("V", Sum(v[i] ** 2, i))  # squared norms
c = let("c", Sum(u[i] * v[i], i) / (sqrt(U) * sqrt(V)))

statement = Statement(
    claims=(Eq(D(c, u[k]), 1 / sqrt(U) * (v[k] / sqrt(V) - c * u[k] / sqrt(U))),),
    givens=(
        given(U > 0),
        given(V > 0),
    ),
    source="from the quotient rule",
)
