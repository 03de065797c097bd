"""Distillation with hard and soft targets."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
t = index("t", K)
z, v = vector("z", K), vector("v", K)  # logits of student and teacher
T, al = scalar("T", POSITIVE), scalar("al")
q, qT = softmax(z, i, name="q", total="S"), softmax(z, i, name="q_T", total="S_T", tau=T)
pT = softmax(v, i, name="p_T", total="V", tau=T)
L = define("L", t, al * -log(q[t]) + (1 - al) * T**2 * kl(pT, qT, i))

statement = Statement(
    claims=(Eq(D(L[t], z[k]), al * (q[k] - delta(k, t)) + (1 - al) * T * (qT[k] - pT[k])),),
    source="Hinton, Vinyals and Dean 2015, section 2",
)
