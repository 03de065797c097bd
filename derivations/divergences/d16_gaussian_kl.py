"""The KL divergence of two univariate Gaussians in means and log-variances."""

from gradproof.notation import *
from gradproof.statement import Statement

m1, s1, m2, s2 = scalars("m1 s1 m2 s2")  # means and log-variances
L = let("L", 1 / 2 * (s2 - s1 + exp(s1 - s2) + (m1 - m2) ** 2 * exp(-s2) - 1))

statement = Statement(
    claims=(
        Eq(D(L, m1), (m1 - m2) * exp(-s2)),
        Eq(D(L, s1), 1 / 2 * (exp(s1 - s2) - 1)),
        Eq(D(L, m2), -(m1 - m2) * exp(-s2)),
        Eq(D(L, s2), 1 / 2 * (1 - exp(s1 - s2) - (m1 - m2) ** 2 * exp(-s2))),
    ),
    source="Kingma and Welling 2014, appendix B",
)
