"""Cross-entropy with smoothed labels: still prediction minus truth."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
t = index("t", K)  # the true class
alpha = scalar("alpha")
p = softmax(z, i)
y = define("y", i, t, (1 - alpha) * delta(i, t) + alpha / K)  # smoothed labels
L = define("L", t, -Sum(y[i, t] * log(p[i]), i))

statement = Statement(
    claims=(Eq(D(L[t], z[k]), p[k] - (1 - alpha) * delta(k, t) - alpha / K),),
    through=(p[k] - y[k, t],),
    source="Szegedy et al. 2016, section 7",
)
