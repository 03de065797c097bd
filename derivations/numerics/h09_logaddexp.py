r"""The gradient of $\log(e^a + e^b)$."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b = scalars("a b")
L = let("L", log(exp(a) + exp(b)))

statement = Statement(
    claims=(
        Eq(D(L, a), sigmoid(a - b)),
        Eq(D(L, b), sigmoid(b - a)),
    ),
    source="NumPy documentation of logaddexp",
)
