"""The Hessian of softmax cross-entropy does not depend on the labels."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
m = index("m", K)
y = distribution("y", K, domain=NONNEGATIVE)
p = softmax(z, i)
L = let("L", -Sum(y[i] * log(p[i]), i))

statement = Statement(
    claims=(Eq(D(L, z[k], z[m]), p[k] * (delta(k, m) - p[m])),),
    givens=(sums_to_one(y, i),),
    source="Bishop 2006, eq. 4.110",
)
