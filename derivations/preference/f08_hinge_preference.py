"""The hinge loss on the log-ratio gap."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b, beta = scalar("a"), scalar("b"), scalar("beta", POSITIVE)  # log-ratios of chosen and rejected
u = let("u", 1 - beta * (a - b))
L = let("L", relu(u))

statement = Statement(
    claims=(
        Eq(D(L, a), -beta * step(u)),
        Eq(D(L, b), beta * step(u)),
    ),
    givens=(given(Ne(u, 0)),),
    source="Zhao et al. 2023 (SLiC), eq. 2",
)
