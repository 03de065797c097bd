"""Log-sum-exp is at most the largest logit plus log K."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
t = index("t", K)  # the largest logit

statement = Statement(
    claims=(log(Sum(exp(z[j]), j)) <= z[t] + log(K),),
    givens=(given(z[j] <= z[t], j),),
    source="Boyd and Vandenberghe 2004, section 3.1.5",
)
