"""The log-derivative of a sigmoid in a normalising flow."""

from gradproof.notation import *
from gradproof.statement import Statement

x = scalar("x")
statement = Statement(
    claims=(Eq(log(D(sigmoid(x), x)), -softplus(x) - softplus(-x)),),
    source="Dinh, Sohl-Dickstein and Bengio 2017",
)
