"""Noise-contrastive estimation with labels."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
i, k = indices("i k", N)
s, q = vector("s", N), vector("q", N, domain=POSITIVE)  # scores, noise density; the datum first
u = define("u", i, s[i] - log((N - 1) * q[i]))
L = let("L", -log(sigmoid(u[1])) - Sum((1 - delta(i, 1)) * log(1 - sigmoid(u[i])), i))

statement = Statement(
    claims=(Eq(D(L, s[k]), sigmoid(u[k]) - delta(k, 1)),),
    givens=(given(N > 1),),
    source="Gutmann and Hyvarinen 2012, eq. 9",
)
