"""Binary cross-entropy in the logit: the gradient is prediction minus label."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
z, y = vector("z", K), vector("y", K)  # logits and labels, one binary problem each
L = let("L", -Sum(y[i] * log(sigmoid(z[i])) + (1 - y[i]) * log(1 - sigmoid(z[i])), i))

statement = Statement(
    claims=(Eq(D(L, z[k]), sigmoid(z[k]) - y[k]),),
    source="Bishop 2006, eq. 4.91",
)
