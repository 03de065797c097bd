"""The maximum-likelihood categorical distribution is the vector of relative counts."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
n = vector("n", K, domain=POSITIVE)  # counts
theta = distribution("theta", K)
N = let("N", Sum(n[i], i))

statement = Statement(
    claims=(argmin(-Sum(n[i] * log(theta[i]), i), theta[i], n[i] / N),),
    givens=(sums_to_one(theta, i),),
    source="Bishop 2006, eq. 2.33",
)
