"""The KL term of a variational autoencoder."""

from gradproof.notation import *
from gradproof.statement import Statement

J = size("J")
i, j = indices("i j", J)
mu, s = vector("mu", J), vector("s", J)  # means and log-variances
L = let("L", -1 / 2 * Sum(1 + s[i] - mu[i] ** 2 - exp(s[i]), i))

statement = Statement(
    claims=(
        Eq(D(L, mu[j]), mu[j]),
        Eq(D(L, s[j]), 1 / 2 * (exp(s[j]) - 1)),
    ),
    source="Kingma and Welling 2014, appendix B",
)
