"""The backward pass of root-mean-square normalisation."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
x, ga, g, eps = vector("x", K), vector("ga", K), vector("g", K), scalar("eps", POSITIVE)
r = let("r", (eps + 1 / K * Sum(x[j] ** 2, j)) ** Fraction(-1, 2))
h = define("h", i, g[i] * ga[i])
L = let("L", Sum(g[i] * ga[i] * x[i] * r, i))

statement = Statement(
    claims=(
        Eq(D(L, x[k]), r * (h[k] - x[k] * r**2 * (1 / K * Sum(h[i] * x[i], i)))),
        Eq(D(L, ga[k]), g[k] * x[k] * r),
    ),
    source="Zhang and Sennrich 2019, section 4",
)
