"""Class weights with label smoothing, for one example."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
t = index("t", K)  # the true class
c = index("c", K)
w, alpha = vector("w", K, domain=POSITIVE), scalar("alpha")
p = softmax(z, i)
y = define("y", i, t, (1 - alpha) * delta(i, t) + alpha / K)  # smoothed labels
L = define("L", t, -1 / w[t] * Sum(w[c] * y[c, t] * log(p[c]), c))

statement = Statement(
    claims=(
        Eq(D(L[t], z[k]), 1 / w[t] * (p[k] * Sum(w[c] * y[c, t], c) - w[k] * y[k, t])),
        Eq(L[t], ((1 - alpha) * w[t] * -log(p[t]) + alpha / K * Sum(w[c] * -log(p[c]), c)) / w[t]),
    ),
    source="PyTorch documentation of CrossEntropyLoss",
    note="The weights multiply the smoothed labels, but the mean divides by the weight of the true class alone; so the"
    " components of the gradient do not sum to zero unless all weights are equal. (2) is the form in PyTorch.",
)
