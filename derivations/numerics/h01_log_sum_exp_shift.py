"""Log-sum-exp may be shifted by any number."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
j = index("j", K)
z, m = vector("z", K), scalar("m")

statement = Statement(
    claims=(Eq(log(Sum(exp(z[j]), j)), m + log(Sum(exp(z[j] - m), j))),),
    source="Blanchard, Higham and Higham 2021, eq. 1.3",
)
