"""The score of a coin: the derivative of the negative log-likelihood of $h$ heads and $t$ tails."""

from gradproof.notation import *
from gradproof.statement import Statement

theta = scalar("theta", UNIT)
h, t = scalars("h t", NONNEGATIVE)  # heads and tails
L = let("L", -h * log(theta) - t * log(1 - theta))

statement = Statement(
    claims=(Eq(D(L, theta), -h / theta + t / (1 - theta)),),
    source="Bishop 2006, section 2.1",
)
