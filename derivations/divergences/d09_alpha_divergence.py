"""The alpha-divergence in the logits of q."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
al = scalar("al")
i, j, k = indices("i j k", K)
a = vector("a", K)  # logits of q
p = distribution("p", K)
q = softmax(a, i, name="q")
S = let("A", Sum(p[i] ** al * q[i] ** (1 - al), i))
r = define("r", i, p[i] ** al * q[i] ** (1 - al) / S)
L = let("L", (S - 1) / (al * (al - 1)))

statement = Statement(
    claims=(Eq(D(L, a[k]), S / al * (q[k] - r[k])),),
    givens=(
        given(Ne(al, 0)),
        given(Ne(al - 1, 0)),
    ),
    source="Amari 2016, section 3.5",
)
