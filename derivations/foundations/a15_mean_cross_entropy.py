"""The gradient of the mean cross-entropy over a data set."""

from gradproof.notation import *
from gradproof.statement import Statement

N, K = size("N"), size("K")
n, m = indices("n m", N)
i, j, k = indices("i j k", K)
Z, Y = matrix("Z", N, K), matrix("Y", N, K)
P = softmax(Z, n, i, name="P")
L = let("L", -1 / N * Sum(Y[n, i] * log(P[n, i]), i, n))

statement = Statement(
    claims=(Eq(D(L, Z[m, k]), 1 / N * (P[m, k] - Y[m, k])),),
    givens=(sums_to_one(Y, n, i),),
    source="PyTorch documentation of CrossEntropyLoss, reduction = mean",
)
