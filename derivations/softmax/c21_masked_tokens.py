"""Cross-entropy over the tokens that count."""

from gradproof.notation import *
from gradproof.statement import Statement

N, K = size("N"), size("K")
n, r = indices("n r", N)
i, k = indices("i k", K)
Z, m = matrix("Z", N, K), vector("m", N, domain=BINARY)  # logits, mask
T = labels("T", N, K)
P = softmax(Z, n, i, name="P")
M = let("M", Sum(m[n], n))
L = let("L", Sum(m[n] * -log(P[n, T[n]]), n) / M)

statement = Statement(
    claims=(Eq(D(L, Z[r, k]), m[r] / M * (P[r, k] - delta(k, T[r]))),),
    givens=(given(M > 0),),
    source="PyTorch documentation of CrossEntropyLoss, ignore_index",
)
