"""Cross-entropy in its second argument is least at its first."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
P, Q = distribution("P", K), distribution("Q", K)
lam = scalar("lambda")
Lagrangian = let("Lambda", cross_entropy(P, Q, i) + lam * (Sum(Q[i], i) - 1))

statement = Statement(
    claims=(argmin(cross_entropy(P, Q, i), Q[i], P[i]), Eq(D(Lagrangian, Q[k]), lam - P[k] / Q[k])),
    givens=(sums_to_one(P, i), sums_to_one(Q, i)),
    source="Cover and Thomas 2006, theorem 2.6.3",
    note="At Q = P the derivative of the Lagrangian vanishes for the multiplier lambda = 1.",
)
