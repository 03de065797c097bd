"""Softmax is monotone: it never turns against the step of the logits."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
z, w = vector("z", K), vector("w", K)
p, q = softmax(z, i), softmax(w, i, name="q", total="T")

statement = Statement(
    claims=(Sum((p[i] - q[i]) * (z[i] - w[i]), i) >= 0,),
    lemmas=(Eq(Sum((p[i] - q[i]) * (z[i] - w[i]), i), kl(p, q, i) + kl(q, p, i)), kl(p, q, i) >= 0, kl(q, p, i) >= 0),
    source="Gao and Pavel 2017",
)
