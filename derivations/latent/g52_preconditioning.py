"""The preconditioning of EDM: the target of the network has variance 1."""

from gradproof.notation import *
from gradproof.statement import Statement

s, d = scalars("sigma d", POSITIVE)  # deviation of the noise and of the data
skip = let("a", d**2 / (s**2 + d**2))
out = let("b", s * d / sqrt(s**2 + d**2))

statement = Statement(
    claims=(
        Eq(((1 - skip) ** 2 * d**2 + skip**2 * s**2) / out**2, 1),
        Eq(1 / out**2, (s**2 + d**2) / (s * d) ** 2),
    ),
    source="Karras et al. 2022",
)
