"""The stable form of log-sigmoid."""

from gradproof.notation import *
from gradproof.statement import Statement

x = scalar("x")
statement = Statement(
    claims=(Eq(log(sigmoid(x)), minimum(x, 0) - log(1 + exp(-absolute(x)))),),
    source="PyTorch, logsigmoid kernel",
)
