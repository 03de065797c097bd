"""The policy gradient of a softmax bandit."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
R = vector("R", K)  # rewards
p = softmax(z, i)
J = let("J", Sum(p[i] * R[i], i))

statement = Statement(
    claims=(
        Eq(D(J, z[k]), p[k] * (R[k] - J)),
        Eq(Sum(p[i] * R[i] * D(log(p[i]), z[k]), i), p[k] * (R[k] - J)),
    ),
    source="Sutton and Barto 2018, section 2.8",
)
