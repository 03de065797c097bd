"""The relaxed one-hot sample of Gumbel-softmax in the logits."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k = indices("i k", K)
z, g, tau = vector("z", K), vector("g", K), scalar("tau", POSITIVE)  # logits, Gumbel noise, temperature
u = define("u", i, (z[i] + g[i]) / tau)
y = softmax(u, i, name="y")

statement = Statement(
    claims=(Eq(D(y[i], z[k]), 1 / tau * y[i] * (delta(i, k) - y[k])),),
    source="Jang, Gu and Poole 2017; Maddison, Mnih and Teh 2017",
)
