"""The power divergence of Cressie and Read tends to KL."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
p, q = distribution("p", K), distribution("q", K)
lam = scalar("lam")
statement = Statement(
    claims=(Eq(Limit(1 / (lam * (lam + 1)) * Sum(p[i] * ((p[i] / q[i]) ** lam - 1), i), lam, 0), kl(p, q, i)),),
    givens=(sums_to_one(p, i), sums_to_one(q, i)),
    source="Cressie and Read 1984",
)
