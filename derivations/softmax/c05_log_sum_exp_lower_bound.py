"""Log-sum-exp is at least every logit, so at least the largest."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
t = index("t", K)

statement = Statement(
    claims=(z[t] <= log(Sum(exp(z[j]), j)),),
    source="Boyd and Vandenberghe 2004, section 3.1.5",
)
