"""Cross-entropy with the z-loss."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z, y = vector("z", K), distribution("y", K, domain=NONNEGATIVE)
c = scalar("c", POSITIVE)
p = softmax(z, i)
lse = let(r"\mathrm{lse}", log(Sum(exp(z[j]), j)))
L = let("L", -Sum(y[i] * log(p[i]), i) + c * lse**2)

statement = Statement(
    claims=(Eq(D(L, z[k]), (1 + 2 * c * lse) * p[k] - y[k]),),
    givens=(sums_to_one(y, i),),
    source="Chowdhery et al. 2022 (PaLM), section 5",
)
