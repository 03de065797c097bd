"""The sparsemax loss: prediction minus truth."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # scores
t = index("t", K)  # the true class
u = scalar("u")
tau = let("tau", root(Eq(Sum(relu(z[j] - u), j), 1), u))  # the threshold
p = define("p", i, relu(z[i] - tau))  # sparsemax
s = define("s", i, step(z[i] - tau))  # the support
L = define("L", t, -z[t] + 1 / 2 * Sum(s[j] * (z[j] ** 2 - tau**2), j) + 1 / 2)

statement = Statement(
    claims=(Eq(D(L[t], z[k]), p[k] - delta(k, t)),),
    givens=(given(Ne(z[i] - tau, 0), i),),
    source="Martins and Astudillo 2016, eq. 17 and 18",
)
