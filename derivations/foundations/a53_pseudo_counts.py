"""A Beta prior adds pseudo-counts to the tosses of a coin."""

from gradproof.notation import *
from gradproof.statement import Statement

q = scalar("q", UNIT)
h, t = scalars("h t", NONNEGATIVE)  # heads and tails
a, b = scalars("a b", POSITIVE)  # pseudo-counts
H, T = let("H", h + a), let("T", t + b)

statement = Statement(
    claims=(argmax(H * log(q) + T * log(1 - q), q, H / (H + T)),),
    source="Murphy 2012",
)
