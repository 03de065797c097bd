"""Score matching of a Gaussian finds its precision."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
n = index("n", N)
x, mu, lam, t = vector("x", N), scalar("mu"), scalar("lam", POSITIVE), scalar("t")
score = -lam * (t - mu)
V = let("V", Sum((x[n] - mu) ** 2, n))
L = let("L", lam**2 / 2 * V - N * lam)

statement = Statement(
    claims=(
        argmin(L, lam, N / V),
        Eq(score**2 / 2 + D(score, t), lam**2 * (t - mu) ** 2 / 2 - lam),
    ),
    givens=(given(V > 0),),
    source="Hyvarinen 2005",
)
