"""One more number: the update of Welford."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
n = index("n", N)
x, y = vector("x", N), scalar("y")  # the numbers so far, and a new one
m = let("m", 1 / N * Sum(x[n], n))
c = let("c", m + (y - m) / (N + 1))

statement = Statement(
    claims=(
        Eq(c, (Sum(x[n], n) + y) / (N + 1)),
        Eq(Sum((x[n] - m) ** 2, n) + (y - m) * (y - c), Sum((x[n] - c) ** 2, n) + (y - c) ** 2),
    ),
    source="Welford 1962",
)
