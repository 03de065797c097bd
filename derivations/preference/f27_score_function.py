"""The expected score of a softmax policy is zero."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
p = softmax(z, i)

statement = Statement(
    claims=(Eq(Sum(p[i] * D(log(p[i]), z[k]), i), 0),),
    source="Williams 1992",
    arguments=(z,),
)
