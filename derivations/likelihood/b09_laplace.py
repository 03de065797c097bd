"""The Laplace negative log-likelihood: absolute errors."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
n = index("n", N)
mu, b = scalar("mu"), scalar("b", POSITIVE)
x = vector("x", N)
L = let("L", Sum(absolute(x[n] - mu) / b, n) + N * log(2 * b))

statement = Statement(
    claims=(
        Eq(D(L, mu), -1 / b * Sum(sign(x[n] - mu), n)),
        Eq(D(L, b), N / b - Sum(absolute(x[n] - mu), n) / b**2),
    ),
    givens=(given(Ne(x[n] - mu, 0), n),),
    source="Koenker 2005, section 1.3",
)
