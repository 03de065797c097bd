"""Soft bootstrapping: the targets are mixed with the prediction."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
z, y = vector("z", K), distribution("y", K, domain=NONNEGATIVE)
b = scalar("b", UNIT)  # how far the labels are trusted
p = softmax(z, i)
H = let("H", entropy(p, i))
L = let("L", b * cross_entropy(y, p, i) + (1 - b) * H)

statement = Statement(
    claims=(Eq(D(L, z[k]), b * (p[k] - y[k]) - (1 - b) * p[k] * (log(p[k]) + H)),),
    givens=(sums_to_one(y, i),),
    source="Reed et al. 2015",
)
