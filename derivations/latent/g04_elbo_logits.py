"""The evidence lower bound in the logits of a categorical q."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
a, J = vector("a", K), vector("J", K, domain=POSITIVE)
q = softmax(a, i, name="q")
u = define("u", i, log(J[i]) - log(q[i]))
L = let("L", -Sum(q[i] * (log(J[i]) - log(q[i])), i))

statement = Statement(
    claims=(Eq(D(L, a[k]), -q[k] * (u[k] - Sum(q[i] * u[i], i))),),
    source="Kingma and Welling 2014, eq. 3",
)
