"""Entropy and KL straight from logits."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j = indices("i j", K)
a, b = vector("a", K), vector("b", K)
p, q = softmax(a, i, name="p", total="S"), softmax(b, i, name="q", total="T")

statement = Statement(
    claims=(
        Eq(entropy(p, i), log(Sum(exp(a[j]), j)) - Sum(p[i] * a[i], i)),
        Eq(kl(p, q, i), Sum(p[i] * (a[i] - b[i]), i) - log(Sum(exp(a[j]), j)) + log(Sum(exp(b[j]), j))),
    ),
    source="Wainwright and Jordan 2008, section 3.6",
)
