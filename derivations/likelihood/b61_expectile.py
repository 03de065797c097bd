"""The expectile loss."""

from gradproof.notation import *
from gradproof.statement import Statement

y, q, tau = scalar("y"), scalar("q"), scalar("tau", UNIT)  # target, predicted expectile, level
u = let("u", y - q)
L = let("L", tau * relu(u) ** 2 + (1 - tau) * relu(-u) ** 2)

statement = Statement(
    claims=(Eq(D(L, q), 2 * (1 - tau) * relu(-u) - 2 * tau * relu(u)),),
    givens=(given(Ne(u, 0)),),
    source="Newey and Powell 1987; Kostrikov et al. 2022 (IQL)",
)
