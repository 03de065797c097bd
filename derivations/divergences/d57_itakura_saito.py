"""The Itakura-Saito divergence: the Bregman divergence of -log."""

from gradproof.notation import *
from gradproof.statement import Statement

x, y = scalars("x y", POSITIVE)
d = let("d", x / y - log(x / y) - 1)

statement = Statement(
    claims=(d >= 0, argmin(d, x, y), Eq(-log(x) + log(y) - D(-log(y), y) * (x - y), d)),
    source="Banerjee et al. 2005",
)
