"""The likelihood of a coin has one maximum: the share of heads."""

from gradproof.notation import *
from gradproof.statement import Statement, WorkedNumber

theta = scalar("theta", UNIT)
h, t = scalars("h t", POSITIVE)  # heads and tails

statement = Statement(
    claims=(argmax(theta**h * (1 - theta) ** t, theta, h / (h + t)),),
    source="Bishop 2006, eq. 2.7",
    numbers=(
        WorkedNumber(
            h / (h + t), {"h": 3, "t": 1}, 0.75, 0, "H, H, T, H: theta = 0.75 gives the maximum (3/4 were heads)"
        ),
    ),
)
