"""The dual of entropic optimal transport: its gradient is the error of a marginal."""

from gradproof.notation import *
from gradproof.statement import Statement

N, M = size("N"), size("M")
n, r, m = index("n", N), index("r", N), index("m", M)
f, g, C = vector("f", N), vector("g", M), matrix("C", N, M)  # potentials, costs
a, b = distribution("a", N), distribution("b", M)  # the two marginals
eps = scalar("eps", POSITIVE)
P = define("P", n, m, exp((f[n] + g[m] - C[n, m]) / eps))
L = let("L", Sum(f[n] * a[n], n) + Sum(g[m] * b[m], m) - eps * Sum(P[n, m], m, n))

statement = Statement(
    claims=(Eq(D(L, f[r]), a[r] - Sum(P[r, m], m)), Eq(D(L, f[r], f[r]), -1 / eps * Sum(P[r, m], m))),
    source="Peyre and Cuturi 2019",
)
