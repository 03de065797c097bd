"""Soft bootstrapping: the targets are mixed with the prediction."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z, y = vector("z", K), distribution("y", K, domain=NONNEGATIVE)
b = scalar("b", UNIT)  # how far the labels are trusted
p = softmax(z, i)
L = let("L", -Sum((b * y[i] + (1 - b) * p[i]) * log(p[i]), i))

statement = Statement(
    claims=(Eq(D(L, z[k]), b * (p[k] - y[k]) - (1 - b) * p[k] * (log(p[k]) + entropy(p, i))),),
    givens=(sums_to_one(y, i),),
    source="Reed et al. 2015, eq. 6",
)
