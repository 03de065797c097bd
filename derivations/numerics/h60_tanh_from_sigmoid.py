"""tanh is a scaled and shifted sigmoid."""

from gradproof.notation import *
from gradproof.statement import Statement

x = scalar("x")
statement = Statement(
    claims=(Eq(tanh(x), 2 * sigmoid(2 * x) - 1),),
    through=((exp(x) - exp(-x)) / (exp(x) + exp(-x)), 2 / (1 + exp(-2 * x)) - 1),
    source="LeCun et al. 1998",
)
