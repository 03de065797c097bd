"""The variance term of VICReg."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
n, k = indices("n k", N)
x, eps = (
    vector("x", N),
    scalar("eps", POSITIVE),
)  # one coordinate of a batch of embeddings; there the variance has N - 1
m = let("m", 1 / N * Sum(x[n], n))
s = let("s", sqrt(1 / N * Sum((x[n] - m) ** 2, n) + eps))
L = let("L", relu(1 - s))

statement = Statement(
    claims=(Eq(D(L, x[k]), -step(1 - s) * (x[k] - m) / (N * s)),),
    givens=(given(Ne(1 - s, 0)),),
    source="Bardes, Ponce and LeCun 2022",
)
