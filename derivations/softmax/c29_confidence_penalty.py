"""Cross-entropy with a confidence penalty."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
t = index("t", K)  # the true class
beta = scalar("beta")
p = softmax(z, i)
H = let("H", entropy(p, i))
L = define("L", t, -log(p[t]) - beta * H)

statement = Statement(
    claims=(Eq(D(L[t], z[k]), p[k] - delta(k, t) + beta * p[k] * (log(p[k]) + H)),),
    source="Pereyra et al. 2017",
)
