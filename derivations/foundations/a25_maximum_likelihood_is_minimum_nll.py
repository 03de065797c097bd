"""Maximum likelihood is minimum negative log-likelihood: for binary labels, the mean."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
n = index("n", N)
theta = scalar("theta", UNIT)
y = vector("y", N, domain=BINARY)
m = let("m", 1 / N * Sum(y[n], n))  # the mean label
L = Product(theta ** y[n] * (1 - theta) ** (1 - y[n]), n)

statement = Statement(
    claims=(argmin(-log(L), theta, m), argmax(L, theta, m)),
    givens=(given(m > 0), given(m < 1)),
    source="Bishop 2006, section 2.1",
)
