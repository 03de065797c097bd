"""Softmax is a distribution: its entries are positive and sum to one."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
S = let("S", Sum(exp(z[j]), j))
p = define("p", i, exp(z[i]) / S)

statement = Statement(
    claims=(Eq(Sum(p[i], i), 1), p[i] > 0),
    source="Goodfellow, Bengio and Courville 2016, eq. 6.29",
)
