"""The N-pair loss: softmax with the positive in the denominator."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
j, k = indices("j k", K)
s, a = vector("s", K), scalar("a")  # similarities of the negatives, of the positive
S = let("S", Sum(exp(s[j] - a), j))
L = let("L", log(1 + S))

statement = Statement(
    claims=(
        Eq(D(L, s[k]), exp(s[k]) / (exp(a) + Sum(exp(s[j]), j))),
        Eq(D(L, a), exp(a) / (exp(a) + Sum(exp(s[j]), j)) - 1),
    ),
    source="Sohn 2016",
)
