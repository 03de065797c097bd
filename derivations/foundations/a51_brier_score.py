"""The Brier score in the logits."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
z, y = vector("z", K), vector("y", K)  # logits, labels
p = softmax(z, i)
L = let("L", Sum((p[i] - y[i]) ** 2, i))

statement = Statement(
    claims=(Eq(D(L, z[k]), 2 * p[k] * (p[k] - y[k] - Sum(p[i] * (p[i] - y[i]), i))),),
    source="Brier 1950",
)
