"""The loss of a variational autoencoder in the outputs of its encoder."""

from gradproof.notation import *
from gradproof.statement import Statement

J, D_ = size("J"), size("D")
j, l, m = indices("j l m", J)
d = index("d", D_)
mu, s, e = vector("mu", J), vector("s", J), vector("e", J)  # means, log-variances, noise
W, x = matrix("W", D_, J), vector("x", D_)
z = define("z", j, mu[j] + exp(s[j] / 2) * e[j])
o = define("o", d, Sum(W[d, j] * z[j], j))
L = let("L", Sum(softplus(o[d]) - x[d] * o[d], d) - 1 / 2 * Sum(1 + s[j] - mu[j] ** 2 - exp(s[j]), j))

statement = Statement(
    claims=(
        Eq(D(L, mu[l]), Sum(W[d, l] * (sigmoid(o[d]) - x[d]), d) + mu[l]),
        Eq(
            D(L, s[l]),
            1 / 2 * exp(s[l] / 2) * e[l] * Sum(W[d, l] * (sigmoid(o[d]) - x[d]), d) + 1 / 2 * (exp(s[l]) - 1),
        ),
    ),
    source="Kingma and Welling 2014, eq. 10",
)
