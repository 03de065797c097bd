"""The cumulative logit model: an ordered class between two thresholds."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b, z = scalars("a b z")  # the thresholds around the class, the score
s, r = let("s", sigmoid(b - z)), let("r", sigmoid(a - z))
P = let("P", s - r)  # the probability of the class
L = let("L", -log(P))

statement = Statement(
    claims=(Eq(D(L, z), 1 - s - r),),
    givens=(given(P > 0),),
    source="McCullagh 1980",
)
