"""The partial likelihood of Cox."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
n, m, k = indices("n m k", N)
eta, d = vector("eta", N), vector("d", N, domain=BINARY)  # log-hazards; was the event seen?
R = matrix("R", N, N, domain=BINARY)  # R_nm = 1 where m is at risk when n has its event
S = define("S", n, Sum(R[n, m] * exp(eta[m]), m))
L = let("L", -Sum(d[n] * (eta[n] - log(S[n])), n))

statement = Statement(
    claims=(Eq(D(L, eta[k]), Sum(d[n] * R[n, k] * exp(eta[k]) / S[n], n) - d[k]),),
    givens=(given(Eq(R[n, n], 1), n),),
    source="Cox 1975; Katzman et al. 2018 (DeepSurv)",
)
