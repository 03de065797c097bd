"""The Jensen-Shannon divergence is a gap of entropies."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
p, q = distribution("p", K), distribution("q", K)
m = define("m", i, (p[i] + q[i]) / 2)

statement = Statement(
    claims=(
        Eq(1 / 2 * kl(p, m, i) + 1 / 2 * kl(q, m, i), entropy(m, i) - 1 / 2 * entropy(p, i) - 1 / 2 * entropy(q, i)),
    ),
    through=(
        1 / 2 * Sum(p[i] * log(p[i]), i) + 1 / 2 * Sum(q[i] * log(q[i]), i) - Sum((p[i] + q[i]) / 2 * log(m[i]), i),
    ),
    source="Lin 1991",
)
