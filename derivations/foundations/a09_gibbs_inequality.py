"""Gibbs' inequality: a Kullback-Leibler divergence is never negative, and zero only between equals."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
P, Q = distribution("P", K), distribution("Q", K)
KL = let("KL", kl(P, Q, i))

statement = Statement(
    claims=(KL >= 0, Iff(Eq(KL, 0), ForAll(Eq(P[i], Q[i]), i))),
    givens=(sums_to_one(P, i), sums_to_one(Q, i)),
    source="Cover and Thomas 2006, theorem 2.6.3",
)
