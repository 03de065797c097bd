"""The unified pair loss that circle loss starts from."""

from gradproof.notation import *
from gradproof.statement import Statement

N, M = size("N"), size("M")
n, k, m, r = index("n", N), index("k", N), index("m", M), index("r", M)
s, a = vector("s", N), vector("a", M)  # similarities between classes and within
g, d = scalar("gamma", POSITIVE), scalar("d")  # scale, margin
Q = let("Q", Sum(exp(g * (s[n] - a[m] + d)), m, n))
L = let("L", log(1 + Q))

statement = Statement(
    claims=(
        Eq(D(L, s[k]), g * Q / (1 + Q) * exp(g * s[k]) / Sum(exp(g * s[n]), n)),
        Eq(D(L, a[r]), -g * Q / (1 + Q) * exp(-g * a[r]) / Sum(exp(-g * a[m]), m)),
        Eq(Q, Sum(exp(g * (s[n] + d)), n) * Sum(exp(-g * a[m]), m)),
    ),
    source="Sun et al. 2020, eq. 1",
)
