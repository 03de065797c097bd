"""The log-likelihood of independent binary labels is a sum over the examples."""

from gradproof.notation import *
from gradproof.statement import Statement, WorkedNumber

N = size("N")
n = index("n", N)
p = vector("p", N, domain=UNIT)  # the model's P(y = 1 | x_n)
y = vector("y", N, domain=BINARY)
L = let("L", Product(p[n] ** y[n] * (1 - p[n]) ** (1 - y[n]), n))

statement = Statement(
    claims=(Eq(log(L), Sum(y[n] * log(p[n]) + (1 - y[n]) * log(1 - p[n]), n)),),
    source="Bishop 2006, eq. 4.89 and 4.90",
    numbers=(
        WorkedNumber(
            p[n] ** y[n] * (1 - p[n]) ** (1 - y[n]),
            {"p": [0.9, 0.2, 0.8], "y": [1, 0, 1]},
            [0.9, 0.8, 0.8],
            0,
            "the probability used: 0.9, 1 - 0.2 = 0.8, 0.8",
        ),
    ),
)
