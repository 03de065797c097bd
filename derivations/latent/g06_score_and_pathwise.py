"""Pathwise and score-function gradients agree in expectation."""

from gradproof.notation import *
from gradproof.statement import Statement

mu, s, e = scalar("mu"), scalar("s", POSITIVE), scalar("epsilon")
x, standard, law = scalar("x"), Gaussian(0, 1), Gaussian(mu, s**2)
z = let("z", mu + s * e)

statement = Statement(
    claims=(
        Eq(E(softplus(z) * (z - mu) / s**2, e, standard), E(sigmoid(z), e, standard)),
        Eq(D(E(softplus(x), x, law), mu), E(sigmoid(x), x, law)),
        Eq(D(E(softplus(x), x, law), mu), E(softplus(x) * (x - mu) / s**2, x, law)),
    ),
    source="Mohamed, Rosca, Figurnov and Mnih 2020, sections 4 and 5",
    arguments=(mu, s),
)
