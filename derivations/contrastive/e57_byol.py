"""The regression loss of BYOL is a cosine."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
q, z = vector("q", K), vector("z", K)  # prediction, target
a, b = let("a", sqrt(Sum(q[i] ** 2, i))), let("b", sqrt(Sum(z[i] ** 2, i)))

statement = Statement(
    claims=(Eq(Sum((q[i] / a - z[i] / b) ** 2, i), 2 - 2 * Sum(q[i] * z[i], i) / (a * b)),),
    givens=(given(Sum(q[i] ** 2, i) > 0), given(Sum(z[i] ** 2, i) > 0)),
    through=(Sum(q[i] ** 2, i) / a**2 - 2 * Sum(q[i] * z[i], i) / (a * b) + Sum(z[i] ** 2, i) / b**2,),
    source="Grill et al. 2020",
)
