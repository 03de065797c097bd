"""Softmax regression: the gradient in the weights of a linear layer."""

from gradproof.notation import *
from gradproof.statement import Statement

N, D_, K = size("N"), size("D"), size("K")
n = index("n", N)
d, c = indices("d c", D_)
i, k = indices("i k", K)
W, X, Y = matrix("W", D_, K), matrix("X", N, D_), matrix("Y", N, K)
Z = define("Z", n, i, Sum(X[n, c] * W[c, i], c))  # logits
P = softmax(Z, n, i, name="P")
L = let("L", -1 / N * Sum(Y[n, i] * log(P[n, i]), i, n))

statement = Statement(
    claims=(Eq(D(L, W[d, k]), 1 / N * Sum(X[n, d] * (P[n, k] - Y[n, k]), n)),),
    givens=(sums_to_one(Y, n, i),),
    source="Bishop 2006, eq. 4.109",
)
