"""Softmax over two classes is the logistic function of the difference."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b = scalars("a b")  # logits
statement = Statement(
    claims=(Eq(exp(a) / (exp(a) + exp(b)), sigmoid(a - b)),),
    through=(1 / (1 + exp(b - a)),),
    source="Bishop 2006, eq. 4.57 and 4.58",
)
