"""NT-Xent: the similarity matrix with itself left out."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
i, j, k, n, m = indices("i j k n m", N)
S, tau = matrix("S", N, N), scalar("tau", POSITIVE)
pi = labels("pi", N, N)  # the other view of each example
U = define("U", n, Sum((1 - delta(j, n)) * exp(S[n, j] / tau), j))
p = define("p", n, i, (1 - delta(i, n)) * exp(S[n, i] / tau) / U[n])
L = let("L", -1 / N * Sum(S[n, pi[n]] / tau - log(U[n]), n))

statement = Statement(
    claims=(Eq(D(L, S[m, k]), 1 / (N * tau) * (p[m, k] - delta(k, pi[m]))),),
    givens=(given(U[n] > 0, n),),
    source="Chen et al. 2020 (SimCLR), eq. 1",
)
