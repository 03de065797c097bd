"""The multi-class hinge loss."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
t = index("t", K)  # the true class
m = scalar("m")  # margin
u = define("u", i, t, m - z[t] + z[i])
L = define("L", t, 1 / K * Sum((1 - delta(i, t)) * relu(u[i, t]), i))

statement = Statement(
    claims=(
        Eq(
            D(L[t], z[k]),
            1 / K * (step(u[k, t]) * (1 - delta(k, t)) - delta(k, t) * Sum((1 - delta(i, t)) * step(u[i, t]), i)),
        ),
    ),
    givens=(given(Ne(u[i, t], 0), i),),
    source="Crammer and Singer 2001",
)
