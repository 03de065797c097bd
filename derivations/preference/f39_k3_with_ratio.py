"""k3 times the importance ratio follows the reverse KL."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits of the policy
ref = distribution("ref", K)
p = softmax(z, i)
old = distribution("old", K)
r = define("r", i, p[i] / old[i])
k3 = define("k_3", i, ref[i] / p[i] - 1 - log(ref[i] / p[i]))

statement = Statement(
    claims=(Eq(Sum(old[i] * D(r[i] * k3[i], z[k]), i), p[k] * (log(p[k] / ref[k]) - kl(p, ref, i))),),
    givens=(sums_to_one(ref, i),),
    source="Tang and Munos 2025",
    arguments=(z, old, ref),
)
