"""Softmax does not change when all logits move together; log-sum-exp moves along."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
c = scalar("c")

statement = Statement(
    claims=(
        Eq(exp(z[i] + c) / Sum(exp(z[j] + c), j), exp(z[i]) / Sum(exp(z[j]), j)),
        Eq(log(Sum(exp(z[j] + c), j)), log(Sum(exp(z[j]), j)) + c),
    ),
    source="Goodfellow, Bengio and Courville 2016, section 4.1",
)
