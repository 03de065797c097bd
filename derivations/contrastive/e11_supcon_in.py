"""Supervised contrastive loss, the sum inside the logarithm."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
i, j, k = indices("i j k", N)
s, P, tau = vector("s", N), vector("P", N, domain=BINARY), scalar("tau", POSITIVE)  # P marks the positives
p = softmax(s, i, tau=tau)
M = let("M", Sum(P[i], i))
U = let("U", Sum(P[i] * exp(s[i] / tau), i))
L = let("L", -log(1 / M * Sum(P[i] * p[i], i)))

statement = Statement(
    claims=(Eq(D(L, s[k]), 1 / tau * (p[k] - P[k] * exp(s[k] / tau) / U)),),
    givens=(
        given(M > 0),
        given(U > 0),
        given(Sum(P[i] * p[i], i) > 0),
    ),
    source="Khosla et al. 2020, eq. 3",
)
