"""Rotary embeddings see only the distance of two positions."""

from gradproof.notation import *
from gradproof.statement import Statement

q, r, k, l, a, b = scalars("q r k l a b")  # a pair of a query, a pair of a key, their angles
statement = Statement(
    claims=(
        Eq(
            (q * cos(a) - r * sin(a)) * (k * cos(b) - l * sin(b))
            + (q * sin(a) + r * cos(a)) * (k * sin(b) + l * cos(b)),
            (q * k + r * l) * cos(a - b) + (q * l - r * k) * sin(a - b),
        ),
    ),
    source="Su et al. 2021",
)
