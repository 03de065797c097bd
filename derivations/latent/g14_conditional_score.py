"""The conditional score of a diffusion step is minus the noise."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
xt, x0, ab = vector("xt", K), vector("x0", K), scalar("ab", UNIT)
L = let("L", Sum((xt[i] - sqrt(ab) * x0[i]) ** 2, i) / (2 * (1 - ab)))

statement = Statement(
    claims=(Eq(D(L, xt[k]), (xt[k] - sqrt(ab) * x0[k]) / (1 - ab)),),
    source="Song et al. 2021, section 3.3",
)
