"""Symmetric cross-entropy, with a number for log 0."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
t = index("t", K)  # the true class
z, A = vector("z", K), scalar("A", NEGATIVE)  # logits; A stands for log 0
alpha, beta = scalars("alpha beta", POSITIVE)
p = softmax(z, i)
L = define("L", t, -alpha * log(p[t]) - beta * Sum((1 - delta(i, t)) * p[i] * A, i))

statement = Statement(
    claims=(Eq(D(L[t], z[k]), alpha * (p[k] - delta(k, t)) + beta * A * p[t] * (delta(k, t) - p[k])),),
    source="Wang et al. 2019",
)
