"""The general robust loss."""

from gradproof.notation import *
from gradproof.statement import Statement

x = scalar("x")  # residual
c, alpha = scalar("c", POSITIVE), scalar("alpha")  # scale, shape
b = let("b", absolute(alpha - 2))
L = let("L", b / alpha * (((x / c) ** 2 / b + 1) ** (alpha / 2) - 1))

statement = Statement(
    claims=(Eq(D(L, x), x / c**2 * ((x / c) ** 2 / b + 1) ** (alpha / 2 - 1)),),
    givens=(given(Ne(alpha, 0)), given(Ne(alpha, 2))),
    source="Barron 2019",
)
