"""APO-down."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b, beta = scalar("a"), scalar("b"), scalar("beta", POSITIVE)  # log-ratios of chosen and rejected
u, h = let("u", sigmoid(beta * a)), let("v", sigmoid(beta * (a - b)))
L = let("L", u + 1 - h)

statement = Statement(
    claims=(
        Eq(D(L, a), beta * u * (1 - u) - beta * h * (1 - h)),
        Eq(D(L, b), beta * h * (1 - h)),
    ),
    source="D'Oosterlinck et al. 2024",
)
