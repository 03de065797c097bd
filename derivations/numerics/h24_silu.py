"""The derivative of SiLU."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
x = vector("x", K)
L = let("L", Sum(x[i] * sigmoid(x[i]), i))

statement = Statement(
    claims=(Eq(D(L, x[k]), sigmoid(x[k]) * (1 + x[k] * sigmoid(-x[k]))),),
    source="Elfwing, Uchibe and Doya 2018, eq. 4",
)
