"""The bias correction of Adam."""

from gradproof.notation import *
from gradproof.statement import Statement

T = size("T")
l = index("l", T)
beta, g = scalar("beta", UNIT), scalar("g")  # decay; a gradient that stays the same
statement = Statement(
    claims=(Eq((1 - beta) * Sum(beta ** (T - l) * g, l), (1 - beta**T) * g),),
    source="Kingma and Ba 2015",
)
