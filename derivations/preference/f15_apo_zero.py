"""APO-zero."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b, beta = scalar("a"), scalar("b"), scalar("beta", POSITIVE)  # log-ratios of chosen and rejected
L = let("L", 1 - sigmoid(beta * a) + sigmoid(beta * b))

statement = Statement(
    claims=(
        Eq(D(L, a), -beta * sigmoid(beta * a) * (1 - sigmoid(beta * a))),
        Eq(D(L, b), beta * sigmoid(beta * b) * (1 - sigmoid(beta * b))),
    ),
    source="D'Oosterlinck et al. 2024",
)
