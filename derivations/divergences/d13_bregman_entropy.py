"""The Bregman divergence of negative entropy is the generalised KL."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
p, q = distribution("p", K), distribution("q", K)

statement = Statement(
    claims=(
        Eq(
            Sum(p[i] * log(p[i]), i) - Sum(q[i] * log(q[i]), i) - Sum((log(q[i]) + 1) * (p[i] - q[i]), i),
            kl(p, q, i) - Sum(p[i], i) + Sum(q[i], i),
        ),
    ),
    source="Banerjee et al. 2005, section 2",
)
