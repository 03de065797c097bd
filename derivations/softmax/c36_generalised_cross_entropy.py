"""The generalised cross-entropy."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
t = index("t", K)  # the true class
q = scalar("q", POSITIVE)
p = softmax(z, i)
L = define("L", t, (1 - p[t] ** q) / q)

statement = Statement(
    claims=(Eq(D(L[t], z[k]), p[t] ** q * (p[k] - delta(k, t))),),
    source="Zhang and Sabuncu 2018, eq. 6",
)
