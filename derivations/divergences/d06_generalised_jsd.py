"""The generalised Jensen-Shannon divergence in the student's logits."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
a = vector("a", K)  # student's logits
p = distribution("p", K)  # the teacher
be = scalar("beta", UNIT)
q = softmax(a, i, name="q")
m = define("m", i, be * p[i] + (1 - be) * q[i])
L = let("L", be * kl(p, m, i) + (1 - be) * kl(q, m, i))

statement = Statement(
    claims=(Eq(D(L, a[k]), (1 - be) * q[k] * (log(q[k] / m[k]) - kl(q, m, i))),),
    givens=(sums_to_one(p, i),),
    source="Agarwal et al. 2024, equation 1",
)
