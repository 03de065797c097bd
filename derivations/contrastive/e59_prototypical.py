"""Prototypical networks: the embedding is drawn from the mean prototype to its own."""

from gradproof.notation import *
from gradproof.statement import Statement

K, E = size("K"), size("E")
i, t = indices("i t", K)  # t is the true class
e, k = indices("e k", E)
x, c = vector("x", E), matrix("c", K, E)  # an embedding, the prototypes
z = define("z", i, -Sum((x[e] - c[i, e]) ** 2, e))
p = softmax(z, i)
L = define("L", t, -log(p[t]))

statement = Statement(
    claims=(Eq(D(L[t], x[k]), 2 * (Sum(p[i] * c[i, k], i) - c[t, k])),),
    source="Snell, Swersky and Zemel 2017, eq. 2",
)
