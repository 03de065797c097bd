"""The Brier score is proper: its mean is least at the true probabilities."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
p, q = distribution("p", K), vector("q", K)  # truth, prediction
L = let("L", Sum(p[i] * Sum((q[j] - delta(i, j)) ** 2, j), i))

statement = Statement(
    claims=(argmin(L, q[i], p[i]),),
    givens=(sums_to_one(p, i),),
    source="Gneiting and Raftery 2007",
)
