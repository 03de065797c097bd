"""Label smoothing is cross-entropy plus a pull towards the uniform distribution."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
t = index("t", K)  # the true class
alpha = scalar("alpha")
p = softmax(z, i)
y = define("y", i, t, (1 - alpha) * delta(i, t) + alpha / K)  # smoothed labels
KL = let(r"\mathrm{KL}(u \| p)", Sum(1 / K * log(1 / K / p[i]), i))  # of the uniform distribution and p

statement = Statement(
    claims=(Eq(-Sum(y[i, t] * log(p[i]), i), (1 - alpha) * -log(p[t]) + alpha * (KL + log(K))),),
    lemmas=(Eq(KL, -1 / K * Sum(log(p[i]), i) - log(K)),),
    source="Szegedy et al. 2016, section 7",
    note="$u$ is the uniform distribution, $u_i = 1/K$.",
)
