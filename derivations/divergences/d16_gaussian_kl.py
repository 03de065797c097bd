"""The KL divergence of two univariate Gaussians, from their densities."""

from gradproof.notation import *
from gradproof.statement import Statement

x = scalar("x")
m1, s1, m2, s2 = scalars("m1 s1 m2 s2")  # means and log-variances
first, second = Gaussian(m1, exp(s1)), Gaussian(m2, exp(s2))
p, q = let("p", density(x, first)), let("q", density(x, second))
KL = let("KL", E(log(p) - log(q), x, first))

statement = Statement(
    lemmas=(Eq(KL, 1 / 2 * (s2 - s1 + exp(s1 - s2) + (m1 - m2) ** 2 * exp(-s2) - 1)),),
    claims=(
        Eq(D(KL, m1), (m1 - m2) * exp(-s2)),
        Eq(D(KL, s1), 1 / 2 * (exp(s1 - s2) - 1)),
        Eq(D(KL, m2), -(m1 - m2) * exp(-s2)),
        Eq(D(KL, s2), 1 / 2 * (1 - exp(s1 - s2) - (m1 - m2) ** 2 * exp(-s2))),
    ),
    source="Kingma and Welling 2014, appendix B",
)
