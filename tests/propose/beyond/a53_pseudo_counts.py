"""A Beta prior adds pseudo-counts to the tosses of a coin."""

from gradproof.notation import *
from gradproof.statement import Statement

q = scalar("q", UNIT)
h, t = scalars("h t", NONNEGATIVE)  # heads and tails
a, b = scalars("a b", POSITIVE)  # pseudo-counts
statement = Statement(
    claims=(argmax(h * log(q) + t * log(1 - q) + a * log(q) + b * log(1 - q), q, (h + a) / (h + t + a + b)),),
    source="Murphy 2012",
)
