"""Softmax: the log-odds of two classes are the difference of their logits, so it keeps their order."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
S = let("S", Sum(exp(z[j]), j))
p = define("p", i, exp(z[i]) / S)

statement = Statement(
    claims=(Eq(log(p[i] / p[j]), z[i] - z[j]), Iff(z[i] > z[j], p[i] > p[j])),
    source="Bishop 2006, section 4.2",
)
