"""The likelihood of a coin has one maximum: the share of heads."""

from gradproof.notation import *
from gradproof.statement import Statement

theta = scalar("theta", UNIT)
h, t = scalars("h t", POSITIVE)  # heads and tails

statement = Statement(
    claims=(argmax(theta**h * (1 - theta) ** t, theta, h / (h + t)),),
    source="Bishop 2006, eq. 2.7",
)
