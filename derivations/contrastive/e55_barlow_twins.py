"""Barlow Twins in the cross-correlation matrix."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k, l = indices("i j k l", K)
C, lam = matrix("C", K, K), scalar("lam", POSITIVE)
L = let("L", Sum((1 - C[i, i]) ** 2, i) + lam * Sum((1 - delta(i, j)) * C[i, j] ** 2, j, i))

statement = Statement(
    claims=(Eq(D(L, C[k, l]), 2 * lam * (1 - delta(k, l)) * C[k, l] - 2 * delta(k, l) * (1 - C[k, k])),),
    source="Zbontar et al. 2021",
)
