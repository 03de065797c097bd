"""The Bregman divergence of log-sum-exp is a KL between softmaxes, with the arguments swapped."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j = indices("i j", K)
a, b = vector("a", K), vector("b", K)
p, q = softmax(a, i, name="p", total="S"), softmax(b, i, name="q", total="T")

statement = Statement(
    claims=(
        Eq(
            log(Sum(exp(a[j]), j)) - log(Sum(exp(b[j]), j)) - Sum(q[i] * (a[i] - b[i]), i),
            kl(q, p, i),
        ),
    ),
    source="Banerjee et al. 2005, section 4",
)
