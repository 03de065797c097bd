"""Softmax is monotone: it never turns against the step of the logits."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z, w = vector("z", K), vector("w", K)
p, q = softmax(z, i), softmax(w, i, name="q", total="T")

statement = Statement(
    claims=(Sum((p[i] - q[i]) * (z[i] - w[i]), i) >= 0,),
    source="Gao and Pavel 2017",
)
