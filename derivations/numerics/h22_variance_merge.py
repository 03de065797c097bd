"""Means and sums of squares of two samples merge."""

from gradproof.notation import *
from gradproof.statement import Statement

N, M = size("N"), size("M")
n, m = index("n", N), index("m", M)
x, y = vector("x", N), vector("y", M)
a, b = let("a", 1 / N * Sum(x[n], n)), let("b", 1 / M * Sum(y[m], m))  # means
c = let("c", (Sum(x[n], n) + Sum(y[m], m)) / (N + M))  # the mean of both samples together

statement = Statement(
    claims=(
        Eq(a + (b - a) * M / (N + M), c),
        Eq(
            Sum((x[n] - a) ** 2, n) + Sum((y[m] - b) ** 2, m) + (b - a) ** 2 * N * M / (N + M),
            Sum((x[n] - c) ** 2, n) + Sum((y[m] - c) ** 2, m),
        ),
    ),
    source="Chan, Golub and LeVeque 1983, eq. 1.5",
)
