"""InfoNCE in the scores: softmax minus the positive."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
i, j, k = indices("i j k", N)
s, tau = vector("s", N), scalar("tau", POSITIVE)  # scores, the positive first
p = softmax(s, i, tau=tau)
L = let("L", -log(p[1]))

statement = Statement(
    claims=(Eq(D(L, s[k]), 1 / tau * (p[k] - delta(k, 1))),),
    source="van den Oord, Li and Vinyals 2018, eq. 4",
)
