"""Dual-clip PPO at a negative advantage."""

from gradproof.notation import *
from gradproof.statement import Statement

l, l0 = scalars("l l0")  # log-probabilities now and before
A = scalar("A", NEGATIVE)
eps, c = scalar("eps", UNIT), scalar("c", Interval(Fraction(1)))
rho = let("rho", exp(l - l0))
L = let("L", -maximum(minimum(rho * A, clip(rho, 1 - eps, 1 + eps) * A), c * A))

statement = Statement(
    claims=(Eq(D(L, l), -rho * A * (step(rho - 1 + eps) - step(rho - c))),),
    givens=(given(Ne(rho, 1 - eps)), given(Ne(rho, 1 + eps)), given(Ne(rho, c))),
    source="Ye et al. 2020",
)
