"""Cross-entropy at a temperature: the gradient in the logits."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
y = distribution("y", K)
tau = scalar("tau", POSITIVE)
p = softmax(z, i, tau=tau)
L = let("L", -Sum(y[i] * log(p[i]), i))

statement = Statement(
    claims=(Eq(D(L, z[k]), 1 / tau * (p[k] - y[k])),),
    givens=(sums_to_one(y, i),),
    source="Hinton, Vinyals and Dean 2015, eq. 2",
)
