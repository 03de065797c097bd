"""RRHF: the ranking loss of answers ordered by reward."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
n, m, k = indices("n m k", N)
s, r = vector("s", N), vector("r", N)  # mean log-probabilities, rewards
L = let("L", Sum(step(r[m] - r[n]) * relu(s[n] - s[m]), m, n))

statement = Statement(
    claims=(
        Eq(
            D(L, s[k]),
            Sum(step(r[m] - r[k]) * step(s[k] - s[m]), m) - Sum(step(r[k] - r[n]) * step(s[n] - s[k]), n),
        ),
    ),
    givens=(given(Ne(s[n], s[m]), n, m, apart=((n, m),)),),
    source="Yuan et al. 2023",
)
