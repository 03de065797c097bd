"""A Sinkhorn step meets the marginal."""

from gradproof.notation import *
from gradproof.statement import Statement

N, M = size("N"), size("M")
n, m = index("n", N), index("m", M)
g, C = vector("g", M), matrix("C", N, M)  # a potential, costs
a = distribution("a", N)  # a marginal
eps = scalar("eps", POSITIVE)
f = define("f", n, eps * log(a[n]) - eps * log(Sum(exp((g[m] - C[n, m]) / eps), m)))

statement = Statement(
    claims=(Eq(Sum(exp((f[n] + g[m] - C[n, m]) / eps), m), a[n]),),
    source="Peyre and Cuturi 2019",
)
