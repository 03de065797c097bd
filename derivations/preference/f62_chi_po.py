"""Chi-PO: the ratio joins its logarithm in the reward."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b, beta = scalar("a"), scalar("b"), scalar("beta", POSITIVE)  # log-ratios of chosen and rejected
u = let("u", beta * (exp(a) + a - exp(b) - b))
L = let("L", -log(sigmoid(u)))

statement = Statement(
    claims=(Eq(D(L, a), -beta * (1 + exp(a)) * sigmoid(-u)), Eq(D(L, b), beta * (1 + exp(b)) * sigmoid(-u))),
    source="Huang et al. 2024",
)
