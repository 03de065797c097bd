"""The derivative of Mish."""

from gradproof.notation import *
from gradproof.statement import Statement

x = scalar("x")
statement = Statement(
    claims=(Eq(D(x * tanh(softplus(x)), x), tanh(softplus(x)) + x * (1 - tanh(softplus(x)) ** 2) * sigmoid(x)),),
    source="Misra 2020",
)
