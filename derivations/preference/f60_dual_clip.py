"""Dual-clip PPO at a negative advantage."""

from gradproof.notation import *
from gradproof.statement import Statement

l, l0 = scalars("l l0")  # log-probabilities now and before
A = scalar("A", NEGATIVE)
eps, c = scalar("eps", UNIT), scalar("c", Interval(Fraction(1)))
rho = let("rho", exp(l - l0))
L = let("L", -A * clip(rho, 1 - eps, c))

statement = Statement(
    claims=(Eq(D(L, l), -rho * A * (step(rho - 1 + eps) - step(rho - c))),),
    givens=(given(Ne(rho - (1 - eps), 0)), given(Ne(rho - c, 0))),
    source="Ye et al. 2020",
    note=r"For $A < 0$ the published $\max(\min(\rho A, \mathrm{clip}(\rho) A), c A)$ is $A$ times $\rho$ clipped to"
    r" $[1 - \epsilon, c]$.",
)
