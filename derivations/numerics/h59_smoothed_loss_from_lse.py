"""Label-smoothed cross-entropy from one log-sum-exp."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j = indices("i j", K)
t = index("t", K)  # the true class
z, eps = vector("z", K), scalar("eps", UNIT)
p = softmax(z, i)
y = define("y", i, t, (1 - eps) * delta(i, t) + eps / K)
lse = let(r"\mathrm{lse}", log(Sum(exp(z[j]), j)))

statement = Statement(
    claims=(Eq(-Sum(y[i, t] * log(p[i]), i), lse - (1 - eps) * z[t] - eps / K * Sum(z[i], i)),),
    source="Hsu et al. 2024 (Liger kernels)",
)
