"""The derivative of softplus is sigma."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
x = vector("x", K)
L = let("L", Sum(softplus(x[i]), i))

statement = Statement(
    claims=(Eq(D(L, x[k]), sigmoid(x[k])),),
    source="Dugas et al. 2001",
)
