"""Cold softmax picks the largest logit, hot softmax is uniform."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
t = index("t", K)  # the largest logit
tau = scalar("tau", POSITIVE)
p = softmax(z, i, tau=tau)

statement = Statement(
    claims=(Eq(Limit(p[i], tau, 0, "+"), delta(i, t)), Eq(Limit(p[i], tau, infinity), 1 / K)),
    givens=(given(z[j] < z[t], j, apart=((j, t),)),),
    source="Hinton, Vinyals and Dean 2015, section 2",
)
