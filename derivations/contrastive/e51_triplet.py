"""The triplet loss in the anchor."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
a, p, n = vector("a", K), vector("p", K), vector("n", K)  # anchor, positive, negative
m = scalar("m", POSITIVE)
u = let("u", Sum((a[i] - p[i]) ** 2, i) - Sum((a[i] - n[i]) ** 2, i) + m)
L = let("L", relu(u))

statement = Statement(
    claims=(
        Eq(D(L, a[k]), 2 * step(u) * (n[k] - p[k])),
        Eq(D(L, n[k]), 2 * step(u) * (a[k] - n[k])),
    ),
    givens=(given(Ne(u, 0)),),
    source="Schroff, Kalenichenko and Philbin 2015",
)
