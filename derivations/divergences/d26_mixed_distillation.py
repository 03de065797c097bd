"""Distillation with hard and soft targets: the factor $T^2$ keeps the soft gradient as large as the hard one."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
t = index("t", K)
z, v = vector("z", K), vector("v", K)  # logits of student and teacher
T, al = scalar("T", POSITIVE), scalar("al")
q = softmax(z, i, name="q")
qT = softmax(z, i, name=r"q^{(T)}", total="S_T", tau=T)
pT = softmax(v, i, name=r"p^{(T)}", total="V_T", tau=T)
KL = let(r"\mathrm{KL}", kl(pT, qT, i))
L = define("L", t, al * -log(q[t]) + (1 - al) * T**2 * KL)

statement = Statement(
    claims=(Eq(D(L[t], z[k]), al * (q[k] - delta(k, t)) + (1 - al) * T * (qT[k] - pT[k])),),
    lemmas=(Eq(D(KL, z[k]), 1 / T * (qT[k] - pT[k])),),
    source="Hinton, Vinyals and Dean 2015, section 2",
    note="The gradient of KL carries $1/T$, and at high temperature the difference of two nearly uniform distributions"
    " is itself of order $1/T$. So the soft loss has a gradient of order $1/T^2$, which the factor $T^2$ makes up for.",
)
