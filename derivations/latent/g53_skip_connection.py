"""The skip connection of EDM asks least of the network."""

from gradproof.notation import *
from gradproof.statement import Statement

s, d, c = scalar("sigma", POSITIVE), scalar("d", POSITIVE), scalar("c")  # deviations of noise and data, skip
statement = Statement(
    claims=(argmin((1 - c) ** 2 * d**2 + c**2 * s**2, c, d**2 / (s**2 + d**2)),),
    source="Karras et al. 2022",
)
