"""The angular margin of ArcFace, in the cosines."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
t = index("t", K)
c, s, m = vector("c", K, domain=Interval(Fraction(-1), Fraction(1))), scalar("s", POSITIVE), scalar("m")
# cos(arccos(c) + m), by the addition theorem
a = define("a", i, c[i] * cos(m) - sqrt(1 - c[i] ** 2) * sin(m))
u = define("u", i, t, s * (c[i] + delta(i, t) * (a[i] - c[i])))  # margin logits
S = define("S", t, Sum(exp(u[j, t]), j))
p = define("p", i, t, exp(u[i, t]) / S[t])
L = define("L", t, -log(p[t, t]))
w = define("w", i, cos(m) + c[i] / sqrt(1 - c[i] ** 2) * sin(m))  # sin(theta + m) / sin(theta)

statement = Statement(
    claims=(Eq(D(L[t], c[k]), s * (p[k, t] - delta(k, t)) * (1 + delta(k, t) * (w[k] - 1))),),
    source="Deng et al. 2019, eq. 3",
)
