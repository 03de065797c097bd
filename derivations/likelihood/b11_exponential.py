"""The exponential negative log-likelihood in the rate."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
n = index("n", N)
lam = scalar("lam", POSITIVE)
x = vector("x", N, domain=POSITIVE)
L = let("L", Sum(lam * x[n] - log(lam), n))

statement = Statement(
    claims=(Eq(D(L, lam), Sum(x[n], n) - N / lam),),
    source="Casella and Berger 2002, section 7.2",
)
