"""CPO: preference without a reference, plus likelihood."""

from gradproof.notation import *
from gradproof.statement import Statement

Sw, Sl, al, beta = scalar("Sw"), scalar("Sl"), scalar("al"), scalar("beta", POSITIVE)
h = let("h", beta * (Sw - Sl))
L = let("L", -log(sigmoid(h)) - al * Sw)

statement = Statement(
    claims=(
        Eq(D(L, Sw), -beta * sigmoid(-h) - al),
        Eq(D(L, Sl), beta * sigmoid(-h)),
    ),
    source="Xu et al. 2024, eq. 4",
)
