"""Gradient accumulation: divide by all tokens, not by the number of batches."""

from gradproof.notation import *
from gradproof.statement import Statement

N, M = size("N"), size("M")
n, m = index("n", N), index("m", M)
a, b = vector("a", N), vector("b", M)  # token losses of two micro-batches
A, B = let("A", 1 / N * Sum(a[n], n)), let("B", 1 / M * Sum(b[m], m))  # their means

statement = Statement(
    claims=(Eq((N * A + M * B) / (N + M), (Sum(a[n], n) + Sum(b[m], m)) / (N + M)),),
    source="transformers pull request 34191",
)
