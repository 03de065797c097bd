"""The Student likelihood forgets outliers."""

from gradproof.notation import *
from gradproof.statement import Statement

x, mu = scalars("x mu")
s, nu = scalars("s nu", POSITIVE)  # scale, degrees of freedom
L = let("L", (nu + 1) / 2 * log(1 + (x - mu) ** 2 / (nu * s**2)) + log(s))

statement = Statement(
    claims=(
        Eq(D(L, mu), -(nu + 1) * (x - mu) / (nu * s**2 + (x - mu) ** 2)),
        Eq(D(L, s), 1 / s - (nu + 1) * (x - mu) ** 2 / (s * (nu * s**2 + (x - mu) ** 2))),
    ),
    source="Lange, Little and Taylor 1989",
)
