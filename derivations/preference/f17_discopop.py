"""The log-ratio modulated loss of DiscoPOP."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b, beta = scalar("a"), scalar("b"), scalar("beta", POSITIVE)  # log-ratios of chosen and rejected
tau = scalar("tau", POSITIVE)
h = let("h", beta * (a - b))
m = let("m", sigmoid(h / tau))
G = let("G", -(1 - m) * sigmoid(-h) - m * exp(-h) + m * (1 - m) / tau * (exp(-h) - softplus(-h)))
L = let("L", (1 - m) * softplus(-h) + m * exp(-h))

statement = Statement(
    claims=(
        Eq(D(L, a), beta * G),
        Eq(D(L, b), -beta * G),
    ),
    source="Lu et al. 2024, eq. 5",
)
