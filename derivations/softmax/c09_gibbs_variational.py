"""Gibbs variational principle: log-sum-exp is the largest mean plus entropy."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
q = distribution("q", K)
p = softmax(z, i)

statement = Statement(
    claims=(argmax(Sum(q[i] * z[i], i) + entropy(q, i), q[i], p[i]),),
    givens=(sums_to_one(q, i),),
    source="Wainwright and Jordan 2008, theorem 3.4",
)
