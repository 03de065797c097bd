"""The additive-margin softmax."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
t = index("t", K)
c, s, m = vector("c", K), scalar("s", POSITIVE), scalar("m")  # cosines, scale, margin
u = define("u", i, t, s * (c[i] - m * delta(i, t)))  # margin logits
S = define("S", t, Sum(exp(u[j, t]), j))
p = define("p", i, t, exp(u[i, t]) / S[t])
L = define("L", t, -log(p[t, t]))

statement = Statement(
    claims=(Eq(D(L[t], c[k]), s * (p[k, t] - delta(k, t))),),
    source="Wang et al. 2018 (CosFace), eq. 4",
)
