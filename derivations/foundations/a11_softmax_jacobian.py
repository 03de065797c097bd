"""The Jacobian of softmax, by the quotient rule, with its two cases."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
S = let("S", Sum(exp(z[j]), j))
p = define("p", i, exp(z[i]) / S)

statement = Statement(
    claims=(Eq(D(p[i], z[k]), p[i] * (delta(i, k) - p[k])),),
    source="Bishop 2006, eq. 4.106",
)
