"""The symmetric loss of CLIP."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
i, j, n, m = indices("i j n m", N)
S = matrix("S", N, N)  # logits of image i and text j
P = define("P", i, j, exp(S[i, j]) / Sum(exp(S[i, n]), n))  # over the texts
Q = define("Q", i, j, exp(S[i, j]) / Sum(exp(S[n, j]), n))  # over the images
L = let("L", 1 / 2 * (-1 / N * Sum(log(P[n, n]), n) - 1 / N * Sum(log(Q[n, n]), n)))

statement = Statement(
    claims=(Eq(D(L, S[i, j]), 1 / (2 * N) * (P[i, j] + Q[i, j] - 2 * delta(i, j))),),
    source="Radford et al. 2021, figure 3",
)
