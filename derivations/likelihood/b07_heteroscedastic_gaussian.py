"""The Gaussian negative log-likelihood with a mean head and a log-variance head."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
n, m = indices("n m", N)
mu, s, x = vector("mu", N), vector("s", N), vector("x", N)  # means, log-variances, observations
L = let("L", 1 / 2 * Sum(s[n] + (x[n] - mu[n]) ** 2 * exp(-s[n]), n))

statement = Statement(
    claims=(
        Eq(D(L, mu[m]), (mu[m] - x[m]) * exp(-s[m])),
        Eq(D(L, s[m]), 1 / 2 * (1 - (x[m] - mu[m]) ** 2 * exp(-s[m]))),
    ),
    source="Nix and Weigend 1994",
)
