"""A margin for each class by its frequency (LDAM)."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
t = index("t", K)  # the true class
z, n = vector("z", K), vector("n", K, domain=POSITIVE)  # logits, class counts
s, C = scalars("s C", POSITIVE)  # scale, size of the margins
m = define("m", t, C * n[t] ** Fraction(-1, 4))
u = define("u", i, t, s * (z[i] - m[t] * delta(i, t)))
S = define("S", t, Sum(exp(u[j, t]), j))
p = define("p", i, t, exp(u[i, t]) / S[t])
L = define("L", t, -log(p[t, t]))

statement = Statement(
    claims=(Eq(D(L[t], z[k]), s * (p[k, t] - delta(k, t))),),
    source="Cao et al. 2019",
)
