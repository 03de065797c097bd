"""Pathwise gradients of a reparameterised expectation."""

from gradproof.notation import *
from gradproof.statement import Statement

S = size("S")
n = index("n", S)
mu, rho = scalars("mu rho")
x, w = vector("x", S), vector("w", S)  # nodes and weights of the expectation
z = define("z", n, mu + exp(rho) * x[n])
L = let("L", Sum(w[n] * log(1 + exp(z[n])), n))

statement = Statement(
    claims=(
        Eq(D(L, mu), Sum(w[n] * sigmoid(z[n]), n)),
        Eq(D(L, rho), Sum(w[n] * sigmoid(z[n]) * exp(rho) * x[n], n)),
    ),
    source="Kingma and Welling 2014, section 2.4",
)
