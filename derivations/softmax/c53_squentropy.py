"""Squentropy: cross-entropy and the squares of the other logits."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
t = index("t", K)  # the true class
z = vector("z", K)
p = softmax(z, i)
L = define("L", t, -log(p[t]) + 1 / (K - 1) * Sum((1 - delta(i, t)) * z[i] ** 2, i))

statement = Statement(
    claims=(Eq(D(L[t], z[k]), p[k] - delta(k, t) + 2 / (K - 1) * (1 - delta(k, t)) * z[k]),),
    givens=(given(K - 1 > 0),),
    source="Hui, Belkin and Wright 2023",
)
