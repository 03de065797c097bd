"""The baseline of least variance."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
p, g, r = distribution("p", K), vector("g", K), vector("r", K)  # policy, scores, rewards
b = scalar("b")
statement = Statement(
    claims=(
        argmin(Sum(p[i] * (g[i] * (r[i] - b)) ** 2, i), b, Sum(p[i] * g[i] ** 2 * r[i], i) / Sum(p[i] * g[i] ** 2, i)),
    ),
    givens=(given(Sum(p[i] * g[i] ** 2, i) > 0),),
    source="Greensmith, Bartlett and Baxter 2004",
)
