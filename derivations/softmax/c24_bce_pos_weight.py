"""Binary cross-entropy with a weight on the positives."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
z, y, w = vector("z", K), vector("y", K), scalar("w")
L = let("L", -Sum(w * y[i] * log(sigmoid(z[i])) + (1 - y[i]) * log(1 - sigmoid(z[i])), i))

statement = Statement(
    claims=(Eq(D(L, z[k]), sigmoid(z[k]) * (1 + (w - 1) * y[k]) - w * y[k]),),
    source="PyTorch documentation of BCEWithLogitsLoss",
)
