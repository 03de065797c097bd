"""Robust DPO: labels that are flipped with a known rate."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b, beta = scalar("a"), scalar("b"), scalar("beta", POSITIVE)  # log-ratios of chosen and rejected
eps = scalar("eps", Interval(Fraction(0), Fraction(1, 2), False))
h = let("h", beta * (a - b))
L = let("L", (-(1 - eps) * log(sigmoid(h)) + eps * log(sigmoid(-h))) / (1 - 2 * eps))

statement = Statement(
    claims=(
        Eq(D(L, a), -beta / (1 - 2 * eps) * ((1 - eps) * sigmoid(-h) + eps * sigmoid(h))),
        Eq(D(L, b), beta / (1 - 2 * eps) * ((1 - eps) * sigmoid(-h) + eps * sigmoid(h))),
    ),
    source="Chowdhury et al. 2024, eq. 11",
)
