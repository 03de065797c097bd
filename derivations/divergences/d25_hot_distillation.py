"""At high temperature distillation matches logits."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z, v = vector("z", K), vector("v", K)  # logits of student and teacher
T = scalar("T", POSITIVE)
q, p = softmax(z, i, name="q", total="S", tau=T), softmax(v, i, name="p", total="V", tau=T)

statement = Statement(
    claims=(Eq(Limit(D(T**2 * kl(p, q, i), z[k]), T, infinity), (z[k] - v[k]) / K),),
    givens=(given(Eq(Sum(z[i], i), 0)), given(Eq(Sum(v[i], i), 0))),
    arguments=(z, v),
    source="Hinton, Vinyals and Dean 2015, section 2.1",
)
