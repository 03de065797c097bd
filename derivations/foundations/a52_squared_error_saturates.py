"""The squared error of a sigmoid carries the factor that vanishes where it saturates."""

from gradproof.notation import *
from gradproof.statement import Statement

z, y = scalars("z y")  # logit, label
p = let("p", sigmoid(z))
L = let("L", (p - y) ** 2 / 2)

statement = Statement(
    claims=(Eq(D(L, z), (p - y) * p * (1 - p)),),
    source="Nielsen 2015, chapter 3",
)
