"""The focal loss of a binary classifier, in the logit."""

from gradproof.notation import *
from gradproof.statement import Statement

x, y, gamma, at = scalars("x y gamma at")  # logit, label +1 or -1, focus, class weight
p = let("p", sigmoid(y * x))
L = let("L", -at * (1 - p) ** gamma * log(p))

statement = Statement(
    claims=(Eq(D(L, x), at * y * (1 - p) ** gamma * (gamma * p * log(p) + p - 1)),),
    givens=(given(Eq(y**2, 1)),),
    source="Lin et al. 2017, eq. 5",
)
