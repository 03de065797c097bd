"""The log-cosh loss: its derivative is tanh."""

from gradproof.notation import *
from gradproof.statement import Statement

r = scalar("r")  # residual
L = let("L", log((exp(r) + exp(-r)) / 2))

statement = Statement(
    claims=(Eq(D(L, r), tanh(r)), Eq(D(L, r, r), 1 - tanh(r) ** 2)),
    source="Saleh and Saleh 2022",
)
