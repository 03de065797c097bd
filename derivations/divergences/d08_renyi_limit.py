"""The Renyi divergence tends to KL as its order tends to one."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
p, q = distribution("p", K), distribution("q", K)
al = scalar("al")

statement = Statement(
    claims=(Eq(Limit(log(Sum(p[i] ** al * q[i] ** (1 - al), i)) / (al - 1), al, 1), kl(p, q, i)),),
    givens=(sums_to_one(p, i),),
    source="van Erven and Harremoes 2014, theorem 5",
)
