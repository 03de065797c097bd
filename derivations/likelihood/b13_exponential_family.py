"""Exponential family: the gradient of the negative log-likelihood is mean minus statistic."""

from gradproof.notation import *
from gradproof.statement import Statement

M, D_ = size("M"), size("D")
i, j = indices("i j", M)
d, c, e = indices("d c e", D_)
eta, T = vector("eta", D_), vector("T", D_)  # natural parameters, observed statistic
S, logh = matrix("S", M, D_), vector("logh", M)  # statistics and log base measure of each outcome
a = define("a", i, logh[i] + Sum(S[i, c] * eta[c], c))
Z = let("Z", Sum(exp(a[j]), j))
p = define("p", i, exp(a[i]) / Z)
L = let("L", log(Z) - Sum(eta[d] * T[d], d))

statement = Statement(
    claims=(Eq(D(L, eta[e]), Sum(p[i] * S[i, e], i) - T[e]),),
    source="Wainwright and Jordan 2008, proposition 3.1",
)
