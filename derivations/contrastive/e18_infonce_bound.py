"""InfoNCE bounds the mutual information from below: log N - L_N <= I(X; Y), here for N = 2, by enumeration."""

from gradproof.notation import *
from gradproof.statement import Statement

A, B = size("A"), size("B")
a = index("a", A)
b, c = indices("b c", B)
P = distribution("P", A, B)  # joint probabilities
f = matrix("f", A, B)  # the critic
px, py = define("p_x", a, Sum(P[a, b], b)), define("p_y", b, Sum(P[a, b], a))
L = let(r"\mathcal{L}_2", -Sum(P[a, b] * py[c] * log(exp(f[a, b]) / (exp(f[a, b]) + exp(f[a, c]))), c, b, a))
I = let("I", Sum(P[a, b] * log(P[a, b] / (px[a] * py[b])), b, a))

statement = Statement(
    claims=(log(2) - L <= I,),
    givens=(given(Eq(Sum(P[a, b], b, a), 1)),),
    source="van den Oord et al. 2018, eq. 5; Poole et al. 2019",
)
