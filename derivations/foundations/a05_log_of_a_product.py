"""The logarithm turns a product of probabilities into a sum."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
n = index("n", N)
P = vector("P", N, domain=POSITIVE)

statement = Statement(
    claims=(Eq(log(Product(P[n], n)), Sum(log(P[n]), n)),),
    source="MacKay 2003, section 2.4",
)
