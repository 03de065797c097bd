"""The Poisson negative log-likelihood in the log-rate: rate minus count."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
n = index("n", N)
eta = scalar("eta")  # log-rate
x = vector("x", N, domain=NONNEGATIVE)  # counts
L = let("L", Sum(exp(eta) - x[n] * eta + lgamma(x[n] + 1), n))

statement = Statement(
    claims=(Eq(D(L, eta), N * exp(eta) - Sum(x[n], n)),),
    source="McCullagh and Nelder 1989, section 6.2",
)
