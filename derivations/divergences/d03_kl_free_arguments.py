"""KL in free arguments, off the simplex."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
p, q = distribution("p", K), distribution("q", K)
L = let("L", kl(p, q, i))

statement = Statement(
    claims=(
        Eq(D(L, p[k]), log(p[k] / q[k]) + 1),
        Eq(D(L, q[k]), -p[k] / q[k]),
    ),
    source="Cover and Thomas 2006, section 2.3",
)
