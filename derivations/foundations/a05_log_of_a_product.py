"""The logarithm turns a product of probabilities into a sum."""

from gradproof.notation import *
from gradproof.statement import Statement, WorkedNumber

N = size("N")
n = index("n", N)
P = vector("P", N, domain=POSITIVE)
theta = scalar("theta", UNIT)

statement = Statement(
    claims=(Eq(log(Product(P[n], n)), Sum(log(P[n]), n)),),
    source="MacKay 2003, section 2.4",
    numbers=(WorkedNumber(theta**N, {"theta": 0.9, "N": 1_000_000}, 0, 1e-300, "0.9^million -> zero"),),
)
