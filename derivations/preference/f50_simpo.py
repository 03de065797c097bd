"""SimPO: the mean log-probability as reward, and a margin."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b, gamma = scalars("a b gamma")  # log-probabilities of chosen and rejected, margin
n, m, beta = scalars("n m beta", POSITIVE)  # lengths, scale
u = let("u", beta / n * a - beta / m * b - gamma)
L = let("L", -log(sigmoid(u)))

statement = Statement(
    claims=(Eq(D(L, a), -beta / n * sigmoid(-u)), Eq(D(L, b), beta / m * sigmoid(-u))),
    source="Meng, Xia and Chen 2024",
)
