"""The multi-similarity loss."""

from gradproof.notation import *
from gradproof.statement import Statement

N, M = size("N"), size("M")
n, k, m, r = index("n", N), index("k", N), index("m", M), index("r", M)
s, a = vector("s", N), vector("a", M)  # similarities of negatives and of positives
alpha, beta, l = scalar("alpha", POSITIVE), scalar("beta", POSITIVE), scalar("l")
P, Q = let("P", Sum(exp(-alpha * (a[m] - l)), m)), let("Q", Sum(exp(beta * (s[n] - l)), n))
L = let("L", 1 / alpha * log(1 + P) + 1 / beta * log(1 + Q))

statement = Statement(
    claims=(
        Eq(D(L, s[k]), exp(beta * (s[k] - l)) / (1 + Q)),
        Eq(D(L, a[r]), -exp(-alpha * (a[r] - l)) / (1 + P)),
    ),
    source="Wang et al. 2019",
)
