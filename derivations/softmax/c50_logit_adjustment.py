"""Cross-entropy with logits adjusted by the class prior."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
t = index("t", K)  # the true class
z, w = vector("z", K), distribution("w", K)  # logits, class prior
tau = scalar("tau", POSITIVE)
u = define("u", i, z[i] + tau * log(w[i]))
p = softmax(u, i)
L = define("L", t, -log(p[t]))

statement = Statement(
    claims=(
        Eq(D(L[t], z[k]), p[k] - delta(k, t)),
        Eq(p[i], w[i] ** tau * exp(z[i]) / Sum(w[j] ** tau * exp(z[j]), j)),
    ),
    source="Menon et al. 2021",
)
