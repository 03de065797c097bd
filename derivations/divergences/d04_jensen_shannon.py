"""Jensen-Shannon divergence in the logits of q."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
a = vector("a", K)  # logits of q
p = distribution("p", K)
q = softmax(a, i, name="q")
m = define("m", i, (p[i] + q[i]) / 2)
L = let("L", 1 / 2 * kl(p, m, i) + 1 / 2 * kl(q, m, i))

statement = Statement(
    claims=(Eq(D(L, a[k]), 1 / 2 * q[k] * (log(q[k] / m[k]) - kl(q, m, i))),),
    givens=(sums_to_one(p, i),),
    source="Lin 1991",
)
