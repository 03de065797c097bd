"""Forward KL in the logits of q: the gradient is $q - p$."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
a = vector("a", K)  # logits of q
p = distribution("p", K)
q = softmax(a, i, name="q")
L = let("L", kl(p, q, i))

statement = Statement(
    claims=(Eq(D(L, a[k]), q[k] - p[k]),),
    givens=(sums_to_one(p, i),),
    source="Murphy 2022, section 6.2",
)
