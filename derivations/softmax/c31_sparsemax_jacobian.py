"""Sparsemax: the nearest distribution, and its Jacobian."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # scores
u = scalar("u")
tau = let("tau", root(Eq(Sum(relu(z[j] - u), j), 1), u))  # the threshold
p = define("p", i, relu(z[i] - tau))  # sparsemax
s = define("s", i, step(z[i] - tau))  # the support
q = vector("q", K, domain=NONNEGATIVE)  # any distribution
lam = define("lambda", i, relu(z[i] - tau) - (z[i] - tau))  # the multipliers of q_i >= 0

statement = Statement(
    claims=(
        Eq(D(p[i], z[k]), delta(i, k) * s[i] - s[i] * s[k] / Sum(s[j], j)),
        Eq(Sum(p[i], i), 1),
        Eq(
            Sum((q[i] - z[i]) ** 2, i),
            Sum((p[i] - z[i]) ** 2, i) + Sum((q[i] - p[i]) ** 2, i) + 2 * Sum(q[i] * lam[i], i),
        ),
        argmin(Sum((q[i] - z[i]) ** 2, i), q[i], p[i]),
    ),
    givens=(given(Ne(z[i] - tau, 0), i), sums_to_one(q, i)),
    source="Martins and Astudillo 2016, eq. 11",
)
