"""Pairwise noise-contrastive alignment."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b, beta = scalar("a"), scalar("b"), scalar("beta", POSITIVE)  # log-ratios of chosen and rejected
L = let("L", -log(sigmoid(beta * a)) - 1 / 2 * log(sigmoid(-beta * a)) - 1 / 2 * log(sigmoid(-beta * b)))

statement = Statement(
    claims=(
        Eq(D(L, a), beta * (1 / 2 * sigmoid(beta * a) - sigmoid(-beta * a))),
        Eq(D(L, b), beta / 2 * sigmoid(beta * b)),
    ),
    source="Chen et al. 2024 (NCA)",
)
