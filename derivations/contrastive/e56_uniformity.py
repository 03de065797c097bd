"""The uniformity loss: every point is pushed from the others."""

from gradproof.notation import *
from gradproof.statement import Statement

N, K = size("N"), size("K")
n, m, r = indices("n m r", N)
i, k = indices("i k", K)
x, t = matrix("x", N, K), scalar("t", POSITIVE)
w = define("w", n, m, exp(-t * Sum((x[n, i] - x[m, i]) ** 2, i)))
W = let("W", Sum(w[n, m], m, n))
L = let("L", log(W) - 2 * log(N))

statement = Statement(
    claims=(Eq(D(L, x[r, k]), -4 * t / W * Sum(w[r, m] * (x[r, k] - x[m, k]), m)),),
    source="Wang and Isola 2020",
)
