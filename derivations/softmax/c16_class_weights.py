"""Class weights with hard labels: the mean divides by the sum of the weights."""

from gradproof.notation import *
from gradproof.statement import Statement

N, K = size("N"), size("K")
n, m = indices("n m", N)
i, k = indices("i k", K)
Z, w = matrix("Z", N, K), vector("w", K, domain=POSITIVE)
T = labels("T", N, K)
P = softmax(Z, n, i, name="P")
L = let("L", Sum(w[T[n]] * -log(P[n, T[n]]), n) / Sum(w[T[n]], n))

statement = Statement(
    claims=(Eq(D(L, Z[m, k]), w[T[m]] / Sum(w[T[n]], n) * (P[m, k] - delta(k, T[m]))),),
    source="PyTorch documentation of CrossEntropyLoss",
)
