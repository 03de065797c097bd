"""Binary cross-entropy with logits in its stable form, averaged."""

from gradproof.notation import *
from gradproof.statement import Statement

N, K = size("N"), size("K")
n, r = indices("n r", N)
i, k = indices("i k", K)
Z, Y = matrix("Z", N, K), matrix("Y", N, K)
L = let("L", 1 / (N * K) * Sum(softplus(Z[n, i]) - Z[n, i] * Y[n, i], i, n))

statement = Statement(
    claims=(Eq(D(L, Z[r, k]), 1 / (N * K) * (sigmoid(Z[r, k]) - Y[r, k])),),
    source="PyTorch documentation of BCEWithLogitsLoss",
)
