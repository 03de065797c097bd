"""The Bhattacharyya distance in the logits of q."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
p, a = distribution("p", K), vector("a", K)
q = softmax(a, i, name="q")
B = let("B", Sum(sqrt(p[i] * q[i]), i))
L = let("L", -log(B))

statement = Statement(
    claims=(Eq(D(L, a[k]), 1 / 2 * (q[k] - sqrt(p[k] * q[k]) / B)),),
    source="Bhattacharyya 1943",
)
