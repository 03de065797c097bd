"""The unlikelihood of a token that should not come."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
c = index("c", K)  # the token that should not come
z = vector("z", K)
p = softmax(z, i)
L = define("L", c, -log(1 - p[c]))

statement = Statement(
    claims=(Eq(D(L[c], z[k]), p[c] / (1 - p[c]) * (delta(k, c) - p[k])),),
    givens=(given(1 - p[c] > 0),),
    source="Welleck et al. 2020",
    note=r"$1 - p_c > 0$ says that there are at least two tokens.",
)
