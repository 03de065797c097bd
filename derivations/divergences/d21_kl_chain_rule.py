"""The chain rule of KL: marginal plus expected conditional."""

from gradproof.notation import *
from gradproof.statement import Statement

M, K = size("M"), size("K")
i, j = index("i", M), index("j", K)
P, Q = distribution("P", M, K), distribution("Q", M, K)
p, q = define("p", i, Sum(P[i, j], j)), define("q", i, Sum(Q[i, j], j))  # marginals

statement = Statement(
    claims=(
        Eq(
            Sum(P[i, j] * log(P[i, j] / Q[i, j]), j, i),
            kl(p, q, i) + Sum(p[i] * Sum(P[i, j] / p[i] * log(P[i, j] / p[i] / (Q[i, j] / q[i])), j), i),
        ),
    ),
    source="Cover and Thomas 2006, theorem 2.5.3",
)
