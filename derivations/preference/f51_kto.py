"""KTO: a desirable and an undesirable answer."""

from gradproof.notation import *
from gradproof.statement import Statement

r, z0 = scalars("r z0")  # log-ratio of the answer, reference point
beta, a, b = scalars("beta a b", POSITIVE)  # scale, weights of desirable and undesirable answers
s = let("s", sigmoid(beta * (r - z0)))

statement = Statement(
    claims=(
        Eq(D(a * (1 - s), r), -a * beta * s * (1 - s)),
        Eq(D(b * (1 - sigmoid(beta * (z0 - r))), r), b * beta * s * (1 - s)),
    ),
    source="Ethayarajh et al. 2024",
)
