"""What the KL estimators do as losses: k1 nothing, k2 the reverse KL, k3 the forward one."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits of the policy
ref = distribution("ref", K)
p = softmax(z, i)
k2 = define("k_2", i, 1 / 2 * log(ref[i] / p[i]) ** 2)
k3 = define("k_3", i, ref[i] / p[i] - 1 - log(ref[i] / p[i]))

statement = Statement(
    claims=(
        Eq(Sum(p[i] * D(-log(ref[i] / p[i]), z[k]), i), 0),
        Eq(Sum(p[i] * D(k2[i], z[k]), i), p[k] * (log(p[k] / ref[k]) - kl(p, ref, i))),
        Eq(Sum(p[i] * D(k3[i], z[k]), i), p[k] - ref[k]),
    ),
    givens=(sums_to_one(ref, i),),
    source="Tang and Munos 2025",
    arguments=(z, ref),
)
