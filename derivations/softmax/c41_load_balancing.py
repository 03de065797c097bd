"""The load-balancing loss of a mixture of experts."""

from gradproof.notation import *
from gradproof.statement import Statement

N, K = size("N"), size("K")
n, r = indices("n r", N)
i, j, k = indices("i j k", K)
Z, f = matrix("Z", N, K), vector("f", K)  # router logits, dispatch fractions (not differentiated)
p = softmax(Z, n, i)
L = let("L", K * Sum(f[i] * (1 / N * Sum(p[n, i], n)), i))

statement = Statement(
    claims=(Eq(D(L, Z[r, k]), K / N * p[r, k] * (f[k] - Sum(f[j] * p[r, j], j))),),
    source="Fedus, Zoph and Shazeer 2022, eq. 4",
)
