"""The variance of a Dirichlet prediction falls with its evidence."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j = indices("i j", K)
a = vector("alpha", K, domain=POSITIVE)  # evidence for each class
S = let("S", Sum(a[j], j))
p = define("p", i, a[i] / S)

statement = Statement(
    claims=(Eq(Sum(a[i] * (S - a[i]) / (S**2 * (S + 1)), i), (1 - Sum(p[i] ** 2, i)) / (S + 1)),),
    source="Sensoy et al. 2018",
)
