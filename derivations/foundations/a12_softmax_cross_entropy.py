"""The gradient of softmax cross-entropy is prediction minus truth."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
y = distribution("y", K)
S = let("S", Sum(exp(z[j]), j))
p = define("p", i, exp(z[i]) / S)
L = let("L", -Sum(y[i] * log(p[i]), i))

statement = Statement(
    claims=(Eq(D(L, z[k]), p[k] - y[k]),),
    givens=(sums_to_one(y, i),),
    source="Bishop 2006, eq. 4.109",
)
