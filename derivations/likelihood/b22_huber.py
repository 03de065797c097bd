"""The Huber loss: its derivative is the clipped residual."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
r, delta_ = vector("r", K), scalar("delta", POSITIVE)
e = define("e", i, absolute(r[i]) - delta_)  # beyond the threshold where positive
L = let("L", Sum(1 / 2 * r[i] ** 2 - 1 / 2 * relu(e[i]) ** 2, i))

statement = Statement(
    claims=(Eq(D(L, r[k]), r[k] - relu(e[k]) * sign(r[k])),),
    givens=(
        given(Ne(e[i], 0), i),
        given(Ne(r[i], 0), i),
    ),
    source="Huber 1964",
)
