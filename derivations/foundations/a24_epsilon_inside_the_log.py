"""A trap: an epsilon inside the logarithm breaks prediction minus truth."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
y = distribution("y", K, domain=NONNEGATIVE)
eps = scalar("eps", POSITIVE)
S = let("S", Sum(exp(z[j]), j))
p = define("p", i, exp(z[i]) / S)
L = let("L", -Sum(y[i] * log(p[i] + eps), i))

statement = Statement(
    claims=(Eq(D(L, z[k]), p[k] * Sum(y[i] * p[i] / (p[i] + eps), i) - y[k] * p[k] / (p[k] + eps)),),
    source="from the softmax Jacobian; code that guards the logarithm with 1e-10",
)
