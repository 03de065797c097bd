"""The vector-Jacobian product of softmax."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
g = vector("g", K)  # upstream gradient
p = softmax(z, i)
s = let("s", Sum(g[i] * p[i], i))

statement = Statement(
    claims=(Eq(D(s, z[k]), p[k] * (g[k] - Sum(g[i] * p[i], i))),),
    source="from the softmax Jacobian",
)
