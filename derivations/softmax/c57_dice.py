"""The soft Dice loss."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
p, y = vector("p", K, domain=UNIT), vector("y", K, domain=BINARY)  # predicted and true pixels
I, U = let("I", Sum(p[i] * y[i], i)), let("U", Sum(p[i], i) + Sum(y[i], i))
L = let("L", 1 - 2 * I / U)

statement = Statement(
    claims=(Eq(D(L, p[k]), 2 * (I - y[k] * U) / U**2),),
    source="Sudre et al. 2017",
)
