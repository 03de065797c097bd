"""Decoupled contrastive learning: the positive leaves the denominator."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
j, k = indices("j k", K)
t = index("t", K)  # the true class
s, tau = vector("s", K), scalar("tau", POSITIVE)
S = define("S", t, Sum((1 - delta(j, t)) * exp(s[j] / tau), j))
L = define("L", t, -s[t] / tau + log(S[t]))

statement = Statement(
    claims=(Eq(D(L[t], s[k]), 1 / tau * ((1 - delta(k, t)) * exp(s[k] / tau) / S[t] - delta(k, t))),),
    givens=(given(S[t] > 0),),
    source="Yeh et al. 2022",
)
