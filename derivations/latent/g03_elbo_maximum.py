"""The evidence lower bound is largest at the posterior."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
J, q = vector("J", K, domain=POSITIVE), distribution("q", K)
px = let("p_x", Sum(J[i], i))

statement = Statement(
    claims=(argmax(Sum(q[i] * (log(J[i]) - log(q[i])), i), q[i], J[i] / px),),
    givens=(sums_to_one(q, i),),
    source="Neal and Hinton 1998",
)
