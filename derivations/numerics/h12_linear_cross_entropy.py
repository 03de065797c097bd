"""The backward pass of a linear layer fused with cross-entropy."""

from gradproof.notation import *
from gradproof.statement import Statement

N, D_, K = size("N"), size("D"), size("K")
n, m = indices("n m", N)
d, c = indices("d c", D_)
i, k = indices("i k", K)
X, W, g = matrix("X", N, D_), matrix("W", K, D_), vector("g", N)  # hidden states, head, upstream gradient
T = labels("T", N, K)
Z = define("Z", n, i, Sum(X[n, c] * W[i, c], c))
P = softmax(Z, n, i, name="P")
L = let("L", Sum(g[n] * -log(P[n, T[n]]), n))

statement = Statement(
    claims=(
        Eq(D(L, X[m, d]), g[m] * Sum((P[m, i] - delta(i, T[m])) * W[i, d], i)),
        Eq(D(L, W[k, d]), Sum(g[n] * (P[n, k] - delta(k, T[n])) * X[n, d], n)),
    ),
    source="Wijmans et al. 2024 (cut cross-entropy)",
)
