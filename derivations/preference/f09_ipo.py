"""IPO: a square loss on the log-ratio gap."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b, beta = scalar("a"), scalar("b"), scalar("beta", POSITIVE)  # log-ratios of chosen and rejected
L = let("L", (a - b - 1 / (2 * beta)) ** 2)

statement = Statement(
    claims=(
        Eq(D(L, a), 2 * (a - b - 1 / (2 * beta))),
        Eq(D(L, b), -2 * (a - b - 1 / (2 * beta))),
    ),
    source="Azar et al. 2024, eq. 17",
)
