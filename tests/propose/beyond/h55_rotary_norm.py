"""Rotary embeddings keep the length."""

from gradproof.notation import *
from gradproof.statement import Statement

x, y, theta = scalars("x y theta")
a, b = let("a", x * cos(theta) - y * sin(theta)), let("b", x * sin(theta) + y * cos(theta))

statement = Statement(
    claims=(Eq(a**2 + b**2, x**2 + y**2),),
    source="Su et al. 2021",
)
