"""The reward-model loss with a margin and centring."""

from gradproof.notation import *
from gradproof.statement import Statement

rw, rl, m, c = scalars("rw rl m c")
L = let("L", -log(sigmoid(rw - rl - m)) + c * (rw + rl) ** 2)

statement = Statement(
    claims=(
        Eq(D(L, rw), -sigmoid(-(rw - rl - m)) + 2 * c * (rw + rl)),
        Eq(D(L, rl), sigmoid(-(rw - rl - m)) + 2 * c * (rw + rl)),
    ),
    source="Ouyang et al. 2022, eq. 1",
)
