"""The Itakura-Saito divergence: the Bregman divergence of -log."""

from gradproof.notation import *
from gradproof.statement import Statement

x, y = scalars("x y", POSITIVE)
IS = let(r"\mathrm{IS}", x / y - log(x / y) - 1)

statement = Statement(
    claims=(IS >= 0, Iff(Eq(IS, 0), Eq(x, y)), Eq(-log(x) + log(y) - D(-log(y), y) * (x - y), IS)),
    source="Banerjee et al. 2005",
)
