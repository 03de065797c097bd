"""A step of DDIM with the true noise stays on the path."""

from gradproof.notation import *
from gradproof.statement import Statement

ab, abp = scalars("ab abp", UNIT)  # noise schedule at this step and at the one before
x0, e = scalars("x0 e")  # data, noise
xt = let("x_t", sqrt(ab) * x0 + sqrt(1 - ab) * e)

statement = Statement(
    claims=(
        Eq(
            sqrt(abp) * (xt - sqrt(1 - ab) * e) / sqrt(ab) + sqrt(1 - abp) * e,
            sqrt(abp) * x0 + sqrt(1 - abp) * e,
        ),
    ),
    source="Song, Meng and Ermon 2021",
)
