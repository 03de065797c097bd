"""The components of the gradient p - y sum to zero."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
y = distribution("y", K)
S = let("S", Sum(exp(z[j]), j))
p = define("p", i, exp(z[i]) / S)

statement = Statement(
    claims=(Eq(Sum(p[k] - y[k], k), 0),),
    givens=(sums_to_one(y, i),),
    source="from the shift invariance of softmax",
)
