"""The actor of A2C: policy gradient with an entropy bonus."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
t = index("t", K)  # the action that was taken
z, A, beta = vector("z", K), scalar("A"), scalar("beta", POSITIVE)  # logits, advantage, weight of the entropy
p = softmax(z, i)
H = let("H", entropy(p, i))
L = define("L", t, -A * log(p[t]) - beta * H)

statement = Statement(
    claims=(Eq(D(L[t], z[k]), A * (p[k] - delta(k, t)) + beta * p[k] * (log(p[k]) + H)),),
    source="Mnih et al. 2016",
)
