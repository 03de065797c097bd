"""The von Mises likelihood of an angle."""

from gradproof.notation import *
from gradproof.statement import Statement

x, mu, kappa = scalar("x"), scalar("mu"), scalar("kappa", POSITIVE)  # angle, mean direction, concentration
L = let("L", -kappa * cos(x - mu))

statement = Statement(
    claims=(Eq(D(L, mu), -kappa * sin(x - mu)), Eq(D(L, mu, mu), kappa * cos(x - mu))),
    source="Mardia and Jupp 2000",
)
