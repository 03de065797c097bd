"""Cross-entropy with smoothed labels."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
t = index("t", K)  # the true class
alpha = scalar("alpha")
p = softmax(z, i)
L = define("L", t, -Sum(((1 - alpha) * delta(i, t) + alpha / K) * log(p[i]), i))

statement = Statement(
    claims=(Eq(D(L[t], z[k]), p[k] - (1 - alpha) * delta(k, t) - alpha / K),),
    source="Szegedy et al. 2016, section 7",
)
