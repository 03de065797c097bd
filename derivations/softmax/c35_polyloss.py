"""PolyLoss with one more term."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
t = index("t", K)  # the true class
eps = scalar("eps")
p = softmax(z, i)
L = define("L", t, -log(p[t]) + eps * (1 - p[t]))

statement = Statement(
    claims=(Eq(D(L[t], z[k]), (1 + eps * p[t]) * (p[k] - delta(k, t))),),
    source="Leng et al. 2022, eq. 4",
)
