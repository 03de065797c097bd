"""The sequence-level ratio of GSPO."""

from gradproof.notation import *
from gradproof.statement import Statement

T = size("T")
t, n = indices("t n", T)
l, l0, A = vector("l", T), vector("l0", T), scalar("A")  # log-probabilities now and before, advantage
s = let("s", exp(1 / T * Sum(l[t] - l0[t], t)))
L = let("L", -s * A)

statement = Statement(
    claims=(Eq(D(L, l[n]), -s * A / T),),
    source="Zheng et al. 2025 (GSPO), eq. 7",
)
