"""The surrogate of TRPO has the policy gradient, where the policies agree."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
z, q, A = vector("z", K), distribution("q", K), vector("A", K)  # logits, behaviour policy, advantages
p = softmax(z, i)
L = let("L", Sum(q[i] * (p[i] / q[i]) * A[i], i))

statement = Statement(
    claims=(Eq(D(L, z[k]), p[k] * (A[k] - Sum(p[i] * A[i], i))),),
    source="Schulman et al. 2015",
    note=r"Where $q = p$, this is the policy gradient; the equation holds for every $q$.",
)
