"""Blocks of an online softmax merge in any order."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b, c, u, v, w = scalars("a b c u v w")  # the shift of each block, and those of the merged ones
p, q, r = scalars("p q r", POSITIVE)  # the sums of the blocks
statement = Statement(
    claims=(
        Eq(
            (p * exp(a - u) + q * exp(b - u)) * exp(u - w) + r * exp(c - w),
            p * exp(a - w) + (q * exp(b - v) + r * exp(c - v)) * exp(v - w),
        ),
    ),
    through=(p * exp(a - w) + q * exp(b - w) + r * exp(c - w),),
    source="Milakov and Gimelshein 2018",
)
