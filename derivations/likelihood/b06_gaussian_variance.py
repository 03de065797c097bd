"""The Gaussian negative log-likelihood in the variance."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
n = index("n", N)
mu, s2 = scalar("mu"), scalar("s2", POSITIVE)  # mean and variance
x = vector("x", N)
L = let("L", Sum((x[n] - mu) ** 2 / (2 * s2), n) + N / 2 * log(2 * pi * s2))

statement = Statement(
    claims=(Eq(D(L, s2), N / (2 * s2) - Sum((x[n] - mu) ** 2, n) / (2 * s2**2)),),
    source="Bishop 2006, eq. 1.54",
)
