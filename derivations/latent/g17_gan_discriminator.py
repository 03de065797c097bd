"""The best discriminator of a GAN is the share of the data."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
p, q = distribution("p", K), distribution("q", K)
D_ = scalar("D", UNIT)

statement = Statement(
    claims=(argmax(p[i] * log(D_) + q[i] * log(1 - D_), D_, p[i] / (p[i] + q[i])),),
    source="Goodfellow et al. 2014, proposition 1",
    arguments=(p, q),
)
