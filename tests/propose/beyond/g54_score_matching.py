"""Score matching of a Gaussian finds its precision."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
n = index("n", N)
x, mu, lam, t = vector("x", N), scalar("mu"), scalar("lam", POSITIVE), scalar("t")
score = -lam * (t - mu)
L = let("L", Sum(lam**2 * (x[n] - mu) ** 2 / 2 - lam, n))

statement = Statement(
    claims=(
        argmin(L, lam, N / Sum((x[n] - mu) ** 2, n)),
        Eq(score**2 / 2 + D(score, t), lam**2 * (t - mu) ** 2 / 2 - lam),
    ),
    givens=(given(Sum((x[n] - mu) ** 2, n) > 0),),
    source="Hyvarinen 2005",
)
