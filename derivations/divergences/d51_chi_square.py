"""Pearson's divergence is the second moment of the ratio, less 1."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
p, q = distribution("p", K), distribution("q", K)
statement = Statement(
    claims=(Eq(Sum((p[i] - q[i]) ** 2 / q[i], i), Sum(q[i] * (p[i] / q[i]) ** 2, i) - 1),),
    givens=(sums_to_one(p, i), sums_to_one(q, i)),
    source="Tsybakov 2009",
)
