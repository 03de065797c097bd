"""ORPO: likelihood and odds ratio in one loss."""

from gradproof.notation import *
from gradproof.statement import Statement

sw, sl = scalars("sw sl", NEGATIVE)  # mean log-probabilities
lam = scalar("lam")
d = let("Delta", log(exp(sw) / (1 - exp(sw))) - log(exp(sl) / (1 - exp(sl))))
L = let("L", -sw - lam * log(sigmoid(d)))

statement = Statement(
    claims=(
        Eq(D(L, sw), -1 - lam * sigmoid(-d) / (1 - exp(sw))),
        Eq(D(L, sl), lam * sigmoid(-d) / (1 - exp(sl))),
    ),
    source="Hong, Lee and Thorne 2024, eq. 6",
)
