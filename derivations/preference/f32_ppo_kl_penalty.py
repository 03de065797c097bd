"""PPO with a KL penalty, in the logits."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
old, A, beta = distribution("old", K), vector("A", K), scalar("beta")
p = softmax(z, i)
L = let("L", -Sum(p[i] * A[i], i) + beta * kl(old, p, i))

statement = Statement(
    claims=(Eq(D(L, z[k]), -p[k] * (A[k] - Sum(p[i] * A[i], i)) + beta * (p[k] - old[k])),),
    givens=(sums_to_one(old, i),),
    source="Schulman et al. 2017, eq. 8",
)
