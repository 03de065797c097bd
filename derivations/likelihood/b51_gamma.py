"""The Gamma likelihood in the log-mean."""

from gradproof.notation import *
from gradproof.statement import Statement

x, eta, a = scalar("x", POSITIVE), scalar("eta"), scalar("a", POSITIVE)  # a waiting time, log-mean, shape
mu = let("mu", exp(eta))
L = let("L", a * x / mu + a * log(mu) - a * log(a) - (a - 1) * log(x) + lgamma(a))

statement = Statement(
    claims=(Eq(D(L, eta), a * (1 - x / mu)),),
    source="McCullagh and Nelder 1989",
)
