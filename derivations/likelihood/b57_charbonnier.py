"""The Charbonnier loss: a smooth absolute value."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
r, eps = vector("r", K), scalar("eps", POSITIVE)  # residuals
L = let("L", Sum(sqrt(r[i] ** 2 + eps**2), i))

statement = Statement(
    claims=(Eq(D(L, r[k]), r[k] / sqrt(r[k] ** 2 + eps**2)),),
    source="Charbonnier et al. 1994",
)
