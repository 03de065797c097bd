"""The multivariate Gaussian in mean and precision."""

from gradproof.notation import *
from gradproof.statement import Statement

d = size("d")
i, j, k, l = indices("i j k l", d)
x, mu, Lam = vector("x", d), vector("mu", d), matrix("Lam", d, d)
quadratic = Sum((x[i] - mu[i]) * Lam[i, j] * (x[j] - mu[j]), j, i)
L = let("L", 1 / 2 * quadratic - 1 / 2 * log(det(Lam)))

statement = Statement(
    claims=(
        Eq(D(L, mu[k]), Sum(Lam[k, j] * (mu[j] - x[j]), j)),
        Eq(D(L, Lam[k, l]), 1 / 2 * ((x[k] - mu[k]) * (x[l] - mu[l]) - inverse(Lam)[k, l])),
    ),
    givens=(positive_definite(Lam), symmetric(Lam)),
    arguments=(mu, Lam, x),
    source="Bishop 2006, section 2.3.4; Petersen and Pedersen 2012, eqs. 57 and 86",
    note=r"The loss is a function of all $d^2$ entries, on the open set of matrices with $u^T \Lambda u > 0$ for all"
    r" $u \ne 0$, symmetric or not; a derivative moves one entry alone. That $\Lambda$ is symmetric is used afterwards,"
    " at the point.",
)
