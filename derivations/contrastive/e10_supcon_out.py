"""Supervised contrastive loss, the sum outside the logarithm."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
i, j, k = indices("i j k", N)
s, P, tau = vector("s", N), vector("P", N, domain=BINARY), scalar("tau", POSITIVE)  # P marks the positives
p = softmax(s, i, tau=tau)
M = let("M", Sum(P[i], i))
L = let("L", -1 / M * Sum(P[i] * log(p[i]), i))

statement = Statement(
    claims=(Eq(D(L, s[k]), 1 / tau * (p[k] - P[k] / M)),),
    givens=(given(M > 0),),
    source="Khosla et al. 2020, eq. 2",
)
