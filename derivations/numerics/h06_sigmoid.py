"""The derivative of sigma."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
x = vector("x", K)
L = let("L", Sum(sigmoid(x[i]), i))

statement = Statement(
    claims=(Eq(D(L, x[k]), sigmoid(x[k]) * (1 - sigmoid(x[k]))),),
    source="Bishop 2006, eq. 4.88",
)
