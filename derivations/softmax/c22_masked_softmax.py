"""Masked softmax: excluded classes get no probability and no gradient."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
m, y = vector("m", K, domain=BINARY), vector("y", K)  # mask; labels, zero where masked
S = let("S", Sum(m[j] * exp(z[j]), j))
p = define("p", i, m[i] * exp(z[i]) / S)
L = let("L", log(S) - Sum(y[i] * z[i], i))

statement = Statement(
    claims=(Eq(D(L, z[k]), p[k] - y[k]),),
    givens=(
        given(S > 0),
        sums_to_one(y, i),
    ),
    source="PyTorch documentation of masked_fill before softmax",
)
