"""The Fenchel-Young loss of the negative entropy: prediction minus target."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
th, y = vector("th", K), distribution("y", K)
p = softmax(th, i)
L = let("L", log(Sum(exp(th[j]), j)) + Sum(y[i] * log(y[i]), i) - Sum(th[i] * y[i], i))

statement = Statement(
    claims=(Eq(D(L, th[k]), p[k] - y[k]),),
    source="Blondel, Martins and Niculae 2020, proposition 2",
)
