"""The posterior of a diffusion step."""

from gradproof.notation import *
from gradproof.statement import Statement

al, abp = scalars("al abp", UNIT)
x0, xt = scalars("x0 xt")
ab, be = let("c", al * abp), let("b", 1 - al)
P = let("P", al / (1 - al) + 1 / (1 - abp))  # precision of the product of the two Gaussians

statement = Statement(
    claims=(
        Eq(
            (sqrt(al) * xt / (1 - al) + sqrt(abp) * x0 / (1 - abp)) / P,
            sqrt(abp) * be / (1 - ab) * x0 + sqrt(al) * (1 - abp) / (1 - ab) * xt,
        ),
        Eq(1 / P, (1 - abp) / (1 - ab) * be),
    ),
    givens=(given(1 - ab > 0),),
    source="Ho, Jain and Abbeel 2020, eq. 7",
)
