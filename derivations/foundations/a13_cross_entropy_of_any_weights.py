r"""A trap: without $\sum y = 1$ the gradient of cross-entropy keeps the sum."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
y = vector("y", K)
S = let("S", Sum(exp(z[j]), j))
p = define("p", i, exp(z[i]) / S)
L = let("L", -Sum(y[i] * log(p[i]), i))

statement = Statement(
    claims=(Eq(D(L, z[k]), p[k] * Sum(y[i], i) - y[k]),),
    source="from the softmax Jacobian; a fused kernel once shipped without the sum",
)
