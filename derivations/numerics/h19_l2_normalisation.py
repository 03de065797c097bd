"""The backward pass of L2 normalisation."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
x, g = vector("x", K), vector("g", K)
R = let("R", Sum(x[j] ** 2, j))  # squared norm
y = define("y", i, x[i] / sqrt(R))
L = let("L", Sum(g[i] * y[i], i))

statement = Statement(
    claims=(Eq(D(L, x[k]), 1 / sqrt(R) * (g[k] - Sum(g[i] * y[i], i) * y[k])),),
    givens=(given(R > 0),),
    source="from the quotient rule",
)
