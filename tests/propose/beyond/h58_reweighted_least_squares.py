"""A Newton step of logistic regression is a weighted least-squares fit."""

from gradproof.notation import *
from gradproof.statement import Statement

N, d = size("N"), size("d")
n = index("n", N)
i, j = indices("i j", d)
X, w, y = matrix("X", N, d), vector("w", d), vector("y", N)  # inputs, weights, labels
eta = define("eta", n, Sum(X[n, i] * w[i], i))
p = define("p", n, sigmoid(eta[n]))
R = define("R", n, p[n] * (1 - p[n]))
H = define("H", i, j, Sum(R[n] * X[n, i] * X[n, j], n))
z = define("z", n, eta[n] - (p[n] - y[n]) / R[n])  # the working response

statement = Statement(
    claims=(
        Eq(
            w[i] - Sum(inverse(H)[i, j] * Sum(X[n, j] * (p[n] - y[n]), n), j),
            Sum(inverse(H)[i, j] * Sum(X[n, j] * R[n] * z[n], n), j),
        ),
    ),
    givens=(positive_definite(H),),
    source="Bishop 2006, eq. 4.99 and 4.100",
)
