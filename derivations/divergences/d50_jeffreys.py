"""The Jeffreys divergence in the logits of one side."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
p, a = distribution("p", K), vector("a", K)  # a law, the logits of the other
q = softmax(a, i, name="q")
L = let("J", kl(p, q, i) + kl(q, p, i))

statement = Statement(
    claims=(Eq(D(L, a[k]), q[k] - p[k] + q[k] * (log(q[k] / p[k]) - kl(q, p, i))),),
    givens=(sums_to_one(p, i),),
    source="Jeffreys 1946",
)
