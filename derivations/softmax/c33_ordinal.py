"""The rank-consistent ordinal loss."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
f, b, tk = scalar("f"), vector("b", K), vector("tk", K)  # score, thresholds, binary targets
L = let("L", -Sum(tk[i] * log(sigmoid(f + b[i])) + (1 - tk[i]) * log(1 - sigmoid(f + b[i])), i))

statement = Statement(
    claims=(
        Eq(D(L, f), Sum(sigmoid(f + b[i]) - tk[i], i)),
        Eq(D(L, b[k]), sigmoid(f + b[k]) - tk[k]),
    ),
    source="Cao, Mirjalili and Raschka 2020",
)
