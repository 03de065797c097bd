"""Label smoothing is cross-entropy plus a pull towards the uniform distribution."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
t = index("t", K)  # the true class
alpha = scalar("alpha")
p = softmax(z, i)
KL = let("KL", Sum(1 / K * log(1 / (K * p[i])), i))  # of the uniform distribution and p

statement = Statement(
    claims=(
        Eq(
            -Sum(((1 - alpha) * delta(i, t) + alpha / K) * log(p[i]), i),
            (1 - alpha) * -log(p[t]) + alpha * (KL + log(K)),
        ),
    ),
    source="Szegedy et al. 2016, section 7",
)
