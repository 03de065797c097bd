"""Group-normalised advantages have mean zero and variance one."""

from gradproof.notation import *
from gradproof.statement import Statement

G = size("G")
i, j = indices("i j", G)
r = vector("r", G)  # rewards of one group
m = let("m", 1 / G * Sum(r[j], j))
v = let("v", 1 / G * Sum((r[j] - m) ** 2, j))
A = define("A", i, (r[i] - m) / sqrt(v))

statement = Statement(
    claims=(
        Eq(Sum(A[i], i), 0),
        Eq(1 / G * Sum(A[i] ** 2, i), 1),
    ),
    givens=(given(v > 0),),
    source="Shao et al. 2024 (GRPO), section 4.1",
)
