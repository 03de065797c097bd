"""Exponential family: the curvature is the covariance of the statistic."""

from gradproof.notation import *
from gradproof.statement import Statement

M, D_ = size("M"), size("D")
i, j = indices("i j", M)
d, c, e, g = indices("d c e g", D_)
eta, T = vector("eta", D_), vector("T", D_)
S = matrix("S", M, D_)
a = define("a", i, Sum(S[i, c] * eta[c], c))
Z = let("Z", Sum(exp(a[j]), j))
p = define("p", i, exp(a[i]) / Z)
L = let("L", log(Z) - Sum(eta[d] * T[d], d))

statement = Statement(
    claims=(
        Eq(D(L, eta[e], eta[g]), Sum(p[i] * S[i, e] * S[i, g], i) - Sum(p[i] * S[i, e], i) * Sum(p[j] * S[j, g], j)),
    ),
    source="Wainwright and Jordan 2008, proposition 3.1",
)
