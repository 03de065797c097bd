"""InfoNCE with one negative bounds the mutual information from below, by enumeration of both pairs."""

from gradproof.notation import *
from gradproof.statement import Statement

A, B = size("A"), size("B")
a = index("a", A)
b, c = indices("b c", B)
P = matrix("P", A, B, domain=POSITIVE)  # weights of the pairs, such as counts
f = matrix("f", A, B)  # the critic
p = define("p", a, b, P[a, b] / let("n", Sum(P[a, b], b, a)))  # joint probabilities
px, py = define("p_x", a, Sum(p[a, b], b)), define("p_y", b, Sum(p[a, b], a))
L = let(r"\mathcal{L}_2", -Sum(p[a, b] * py[c] * log(exp(f[a, b]) / (exp(f[a, b]) + exp(f[a, c]))), c, b, a))
I = let("I", Sum(p[a, b] * log(p[a, b] / (px[a] * py[b])), b, a))

statement = Statement(
    claims=(log(2) - L <= I,),
    source="van den Oord et al. 2018, eq. 5; Poole et al. 2019",
)
