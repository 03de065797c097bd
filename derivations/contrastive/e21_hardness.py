"""Contrastive negatives share the gradient by their hardness."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
i, j, k = indices("i j k", N)
s, tau = vector("s", N), scalar("tau", POSITIVE)  # scores, the positive first
p = softmax(s, i, tau=tau)
W = let("W", Sum((1 - delta(i, 1)) * exp(s[i] / tau), i))

statement = Statement(
    claims=(Eq(p[k] / Sum((1 - delta(i, 1)) * p[i], i), exp(s[k] / tau) / W),),
    givens=(
        given(W > 0),
        given(Sum((1 - delta(i, 1)) * p[i], i) > 0),
    ),
    source="Wang and Liu 2021, eq. 5",
)
