r"""The expected score is zero, and the Fisher information of softmax is $\mathrm{diag}(p) - p p^T$."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
m = index("m", K)
p = softmax(z, i)

statement = Statement(
    claims=(
        Eq(Sum(p[i] * D(log(p[i]), z[k]), i), 0),
        Eq(Sum(p[i] * D(log(p[i]), z[k]) * D(log(p[i]), z[m]), i), p[k] * (delta(k, m) - p[m])),
    ),
    source="Lehmann and Casella 1998, section 2.5",
    arguments=(z,),
)
