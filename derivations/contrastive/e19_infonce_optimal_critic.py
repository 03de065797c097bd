"""The best InfoNCE critic is the log density ratio, for one negative, by enumeration of both pairs."""

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


def share(u, v):
    return exp(u) / (exp(u) + exp(v))


def loss(g):
    return -Sum(P[a, b] * py[c] * log(share(g[a, b], g[a, c])), c, b, a)


achieved, least = let(r"\mathcal{L}", loss(f)), let(r"\mathcal{L}^*", loss(best))

statement = Statement(
    claims=(achieved >= least, Eq(share(f[a, b] + h[a], f[a, c] + h[a]), share(f[a, b], f[a, c]))),
    givens=(given(Eq(Sum(P[a, b], b, a), 1)),),
    note="By the second claim a function of x may be added to the critic, so the best one is unique only up to that.",
    source="van den Oord et al. 2018, section 2.3",
)
