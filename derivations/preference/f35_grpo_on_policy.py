"""GRPO on policy: the loss is zero, its gradient is not."""

from gradproof.notation import *
from gradproof.statement import Statement

G = size("G")
i, j = indices("i j", G)
l, l0, A = vector("l", G), vector("l0", G), vector("A", G)  # log-probabilities now and before, advantages
rho = define("rho", i, exp(l[i] - l0[i]))
L = let("L", -1 / G * Sum(rho[i] * A[i], i))

statement = Statement(
    claims=(
        Eq(D(L, l[j]), -A[j] / G),
        Eq(L, 0),
    ),
    givens=(
        given(Eq(l[i], l0[i]), i),
        given(Eq(Sum(A[i], i), 0)),
    ),
    source="Shao et al. 2024 (GRPO)",
)
