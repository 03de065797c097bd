"""DPO-positive: no reward for making the chosen answer less likely."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b = scalars("a b")  # log-ratios of chosen and rejected
beta, lam = scalars("beta lam", POSITIVE)
u = let("u", beta * (a - b - lam * relu(-a)))
L = let("L", -log(sigmoid(u)))

statement = Statement(
    claims=(Eq(D(L, a), -beta * sigmoid(-u) * (1 + lam * step(-a))), Eq(D(L, b), beta * sigmoid(-u))),
    givens=(given(Ne(a, 0)),),
    source="Pal et al. 2024",
)
