"""The pinball loss of a quantile."""

from gradproof.notation import *
from gradproof.statement import Statement

y, q, tau = scalar("y"), scalar("q"), scalar("tau", UNIT)  # target, predicted quantile, level
u = let("u", y - q)
L = let("L", tau * relu(u) + (1 - tau) * relu(-u))

statement = Statement(
    claims=(Eq(D(L, q), step(-u) - tau),),
    givens=(given(Ne(u, 0)),),
    source="Koenker and Bassett 1978",
)
