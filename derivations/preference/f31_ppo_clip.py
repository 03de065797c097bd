"""The clipped surrogate of PPO."""

from gradproof.notation import *
from gradproof.statement import Statement

l, l0 = scalars("l l0")  # log-probabilities now and before
A, eps = scalar("A"), scalar("eps", POSITIVE)  # advantage, clip range
rho = let("rho", exp(l - l0))
up, low = let("u", rho - 1 - eps), let("d", 1 - eps - rho)  # beyond the clip range where positive
clipped = rho * A - relu(A) * relu(up) - relu(-A) * relu(low)  # min(rho A, clip(rho) A)
L = let("L", -clipped)

statement = Statement(
    claims=(Eq(D(L, l), -rho * (A - relu(A) * step(up) + relu(-A) * step(low))),),
    givens=(
        given(Ne(up, 0)),
        given(Ne(low, 0)),
    ),
    source="Schulman et al. 2017, eq. 7",
    note="min(rho A, clip(rho) A) is written by the parts that the clip takes away.",
)
