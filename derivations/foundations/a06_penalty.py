"""The penalty -log p falls in p, ever more slowly: confident mistakes cost most."""

from gradproof.notation import *
from gradproof.statement import Statement

p = scalar("p", POSITIVE)
L = let("L", -log(p))

statement = Statement(
    claims=(Eq(D(L, p), -1 / p), D(L, p) < 0, Eq(D(L, p, p), 1 / p**2), D(L, p, p) > 0),
    source="Cover and Thomas 2006, section 2.1",
)
