"""The backward pass of layer normalisation."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
x, ga, b, g = vector("x", K), vector("ga", K), vector("b", K), vector("g", K)
eps = scalar("eps", POSITIVE)
mu = let("mu", 1 / K * Sum(x[j], j))
v = let("v", 1 / K * Sum((x[j] - mu) ** 2, j))
xh = define("xhat", i, (x[i] - mu) / sqrt(v + eps))
h = define("h", i, g[i] * ga[i])
L = let("L", Sum(g[i] * (ga[i] * xh[i] + b[i]), i))

statement = Statement(
    claims=(
        Eq(
            D(L, x[k]),
            1 / sqrt(v + eps) * (h[k] - 1 / K * Sum(h[i], i) - xh[k] * (1 / K * Sum(h[i] * xh[i], i))),
        ),
        Eq(D(L, ga[k]), g[k] * xh[k]),
        Eq(D(L, b[k]), g[k]),
    ),
    source="Ba, Kiros and Hinton 2016, section 3",
)
