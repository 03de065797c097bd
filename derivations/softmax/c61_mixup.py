"""Mixed labels: the two losses of mixup are one cross-entropy."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
z, lam = vector("z", K), scalar("lam", UNIT)
y, u = distribution("y", K, domain=NONNEGATIVE), distribution("u", K, domain=NONNEGATIVE)  # the labels of both examples
p = softmax(z, i)
L = let("L", lam * cross_entropy(y, p, i) + (1 - lam) * cross_entropy(u, p, i))

statement = Statement(
    claims=(Eq(D(L, z[k]), p[k] - (lam * y[k] + (1 - lam) * u[k])),),
    givens=(sums_to_one(y, i), sums_to_one(u, i)),
    source="Zhang et al. 2018",
)
