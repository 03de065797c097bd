"""The unlikelihood of a token that should not come."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
t = index("t", K)  # the token that should not come
z = vector("z", K)
p = softmax(z, i)
L = define("L", t, -log(1 - p[t]))

statement = Statement(
    claims=(Eq(D(L[t], z[k]), p[t] / (1 - p[t]) * (delta(k, t) - p[k])),),
    givens=(given(1 - p[t] > 0),),
    source="Welleck et al. 2020",
    note=r"$1 - p_t > 0$ says that there are at least two tokens.",
)
