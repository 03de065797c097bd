"""DPO: the gradient in the log-ratios of the chosen and the rejected answer."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b, beta = scalar("a"), scalar("b"), scalar("beta", POSITIVE)  # log-ratios of chosen and rejected
L = let("L", -log(sigmoid(beta * (a - b))))

statement = Statement(
    claims=(
        Eq(D(L, a), -beta * sigmoid(-beta * (a - b))),
        Eq(D(L, b), beta * sigmoid(-beta * (a - b))),
    ),
    source="Rafailov et al. 2023, eq. 7",
)
