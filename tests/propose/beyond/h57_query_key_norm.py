"""A normalised query does not see its scale."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
q, c = vector("q", K), scalar("c", POSITIVE)
statement = Statement(
    claims=(Eq(c * q[k] / sqrt(Sum((c * q[i]) ** 2, i)), q[k] / sqrt(Sum(q[i] ** 2, i))),),
    givens=(given(Sum(q[i] ** 2, i) > 0),),
    source="Henry et al. 2020",
)
