"""The reward shape of AlphaPO."""

from gradproof.notation import *
from gradproof.statement import Statement

sw, sl, al, beta, gam = scalars("sw sl al beta gam")
r = let("r_w", (1 - exp(-al * sw)) / al)
q = let("r_l", (1 - exp(-al * sl)) / al)
u = let("u", beta * (r - q) - gam)
L = let("L", -log(sigmoid(u)))

statement = Statement(
    claims=(
        Eq(D(L, sw), -beta * sigmoid(-u) * exp(-al * sw)),
        Eq(D(L, sl), beta * sigmoid(-u) * exp(-al * sl)),
    ),
    givens=(given(Ne(al, 0)),),
    source="Gupta et al. 2025, eq. 6",
)
