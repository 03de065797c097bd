"""The estimators k1 and k3 have the KL divergence as their mean."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
q, p = distribution("q", K), distribution("p", K)

statement = Statement(
    claims=(
        Eq(Sum(q[i] * -log(p[i] / q[i]), i), kl(q, p, i)),
        Eq(Sum(q[i] * (p[i] / q[i] - 1 - log(p[i] / q[i])), i), kl(q, p, i)),
    ),
    givens=(
        sums_to_one(q, i),
        sums_to_one(p, i),
    ),
    source="Schulman 2020 (approximating KL)",
)
