"""For nearby logits the KL divergence is half a quadratic form, the Fisher information."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z, d = vector("z", K), vector("d", K)  # logits and a direction
eps = scalar("eps")
p = softmax(z, i)
w = define("w", i, z[i] + eps * d[i])
q = softmax(w, i, name="q", total="Q")
F = define("F", i, j, delta(i, j) * p[i] - p[i] * p[j])

statement = Statement(
    claims=(Eq(Limit(kl(p, q, i) / eps**2, eps, 0), 1 / 2 * Sum(d[i] * F[i, j] * d[j], j, i)),),
    source="Kullback 1959, chapter 2",
)
