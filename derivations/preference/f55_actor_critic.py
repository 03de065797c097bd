"""The actor of A2C: policy gradient with an entropy bonus."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
a = index("a", K)  # the action that was taken
z, A, beta = vector("z", K), scalar("A"), scalar("beta", POSITIVE)  # logits, advantage, weight of the entropy
p = softmax(z, i)
H = let("H", entropy(p, i))
L = define("L", a, -A * log(p[a]) - beta * H)

statement = Statement(
    claims=(Eq(D(L[a], z[k]), A * (p[k] - delta(k, a)) + beta * p[k] * (log(p[k]) + H)),),
    source="Mnih et al. 2016",
)
