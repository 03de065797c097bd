"""The negative binomial likelihood in the log-mean."""

from gradproof.notation import *
from gradproof.statement import Statement

x, eta, r = scalar("x", NONNEGATIVE), scalar("eta"), scalar("r", POSITIVE)  # count, log-mean, size
mu = let("mu", exp(eta))
L = let("L", lgamma(r) + lgamma(x + 1) - lgamma(x + r) - r * log(r / (r + mu)) - x * log(mu / (r + mu)))

statement = Statement(
    claims=(Eq(D(L, eta), r * (mu - x) / (r + mu)),),
    source="Hilbe 2011",
)
