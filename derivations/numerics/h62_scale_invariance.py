"""What follows a normalisation has no gradient along the input."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
x, g = vector("x", K), vector("g", K)
L = let("L", Sum(g[i] * x[i], i) / sqrt(Sum(x[j] ** 2, j)))

statement = Statement(
    claims=(Eq(Sum(x[k] * D(L, x[k]), k), 0),),
    givens=(given(Sum(x[i] ** 2, i) > 0),),
    source="Arora, Li and Lyu 2019",
)
