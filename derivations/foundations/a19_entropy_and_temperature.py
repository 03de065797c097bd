"""Entropy rises with temperature: its derivative is a variance."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
tau = scalar("tau", POSITIVE)
p = softmax(z, i, tau=tau)
mu = let("mu", Sum(p[j] * z[j], j))  # the mean logit
H = let("H", entropy(p, i))

statement = Statement(
    claims=(Eq(D(H, tau), 1 / tau**3 * Sum(p[i] * (z[i] - mu) ** 2, i)), D(H, tau) >= 0),
    source="Landau and Lifshitz 1980, section 31 (heat capacity as a variance)",
)
