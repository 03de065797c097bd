"""Cross-entropy behind soft-capped logits."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
t = index("t", K)  # the true class
c = scalar("c", POSITIVE)
u = define("u", i, c * tanh(z[i] / c))  # capped logits
p = softmax(u, i)
L = define("L", t, -log(p[t]))

statement = Statement(
    claims=(Eq(D(L[t], z[k]), (p[k] - delta(k, t)) * (1 - tanh(z[k] / c) ** 2)),),
    source="Gemma 2 report 2024, section 2",
)
