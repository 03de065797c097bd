"""The factor of the chain rule: cross-entropy in free probabilities."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
y, p = vector("y", K), vector("p", K, domain=POSITIVE)
L = let("L", -Sum(y[i] * log(p[i]), i))

statement = Statement(
    claims=(Eq(D(L, p[k]), -y[k] / p[k]),),
    source="Goodfellow, Bengio and Courville 2016, section 6.5",
)
