r"""The penalty $-\log p$ falls in $p$, ever more slowly: confident mistakes cost most."""

from gradproof.notation import *
from gradproof.statement import Statement, WorkedNumber

p = scalar("p", POSITIVE)
L = let("L", -log(p))

statement = Statement(
    claims=(Eq(D(L, p), -1 / p), D(L, p) < 0, Eq(D(L, p, p), 1 / p**2), D(L, p, p) > 0),
    source="Cover and Thomas 2006, section 2.1",
    numbers=(
        WorkedNumber(L, {"p": 0.99}, 0.010, 0.0005, "p = 0.99 -> 0.010"),
        WorkedNumber(L, {"p": 0.01}, 4.605, 0.0005, "p = 0.01 -> 4.605"),
        WorkedNumber(L, {"p": 0.01}, 4.6, 0.05, "p = 0.01 -> loss = 4.6"),
    ),
)
