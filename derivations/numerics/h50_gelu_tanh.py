"""The derivative of GELU in its tanh form."""

from gradproof.notation import *
from gradproof.statement import Statement

x, a = scalar("x"), scalar("a", POSITIVE)  # a = 0.044715
u = let("u", sqrt(2 / pi) * (x + a * x**3))

statement = Statement(
    claims=(
        Eq(
            D(1 / 2 * x * (1 + tanh(u)), x),
            1 / 2 * (1 + tanh(u)) + 1 / 2 * x * (1 - tanh(u) ** 2) * sqrt(2 / pi) * (1 + 3 * a * x**2),
        ),
    ),
    source="Hendrycks and Gimpel 2016",
)
