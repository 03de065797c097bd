"""The soft gate of SAPO."""

from gradproof.notation import *
from gradproof.statement import Statement

l, l0, A, tau = scalar("l"), scalar("l0"), scalar("A"), scalar("tau", POSITIVE)
rho = let("rho", exp(l - l0))
u = let("u", tau * (rho - 1))
L = let("L", -4 / tau * sigmoid(u) * A)

statement = Statement(
    claims=(Eq(D(L, l), -4 * sigmoid(u) * sigmoid(-u) * rho * A),),
    source="Gao et al. 2025 (SAPO)",
)
