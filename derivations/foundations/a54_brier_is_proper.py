"""The Brier score is proper: its mean is least at the true probabilities."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j = indices("i j", K)
p, q = distribution("p", K), vector("q", K)  # truth, prediction
L = let("L", Sum(p[i] * Sum((q[j] - delta(i, j)) ** 2, j), i))

statement = Statement(
    claims=(Eq(L - Sum(p[i] * Sum((p[j] - delta(i, j)) ** 2, j), i), Sum((q[i] - p[i]) ** 2, i)),),
    givens=(sums_to_one(p, i),),
    source="Gneiting and Raftery 2007",
    note="The difference is never negative, and zero only at $q = p$: saying what one believes does best.",
)
