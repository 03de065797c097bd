"""The best InfoNCE critic is the log density ratio, here for N = 2, by enumeration."""

from gradproof.notation import *
from gradproof.statement import Statement

A, B = size("A"), size("B")
a = index("a", A)
b, c = indices("b c", B)
P = distribution("P", A, B)  # joint probabilities
f = matrix("f", A, B)  # a critic
px, py = define("p_x", a, Sum(P[a, b], b)), define("p_y", b, Sum(P[a, b], a))
r = define("r", a, b, P[a, b] / (px[a] * py[b]))  # density ratio
best = define("f^*", a, b, log(r[a, b]))
h = vector("h", A)  # any function of x
shifted = define("g", a, b, f[a, b] + h[a])


def loss(g):
    return -Sum(P[a, b] * py[c] * log(exp(g[a, b]) / (exp(g[a, b]) + exp(g[a, c]))), c, b, a)


L, least = let(r"\mathcal{L}", loss(f)), let(r"\mathcal{L}^*", loss(best))

statement = Statement(
    claims=(L >= least, Eq(loss(shifted), L)),
    givens=(given(Eq(Sum(P[a, b], b, a), 1)),),
    source="van den Oord et al. 2018, section 2.3",
)
