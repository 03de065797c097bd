"""Chunks of tokens and of the vocabulary leave the weight gradient unchanged."""

from gradproof.notation import *
from gradproof.statement import Statement

C, N, D_, V, K = size("C"), size("N"), size("D"), size("V"), size("K")
c, n, d = index("c", C), index("n", N), index("d", D_)  # chunks of tokens, tokens in a chunk, features
v, k, l, w = index("v", V), index("k", K), index("l", K), index("w", V)  # chunks of classes, classes in a chunk
X, Z = array("X", C, N, D_), array("Z", C, N, V, K)
Y = array("Y", C, N, V, K)
S = define("S", c, n, Sum(exp(Z[c, n, w, l]), l, w))
P = define("P", c, n, v, k, exp(Z[c, n, v, k]) / S[c, n])

statement = Statement(
    claims=(
        Eq(
            Sum(Sum((P[c, n, v, k] - Y[c, n, v, k]) * X[c, n, d], n), c),
            Sum(P[c, n, v, k] * X[c, n, d], n, c) - Sum(Y[c, n, v, k] * X[c, n, d], n, c),
        ),
    ),
    source="Wijmans et al. 2024 (cut cross-entropy)",
)
