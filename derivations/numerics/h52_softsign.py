"""The derivative of softsign."""

from gradproof.notation import *
from gradproof.statement import Statement

x = scalar("x")
statement = Statement(
    claims=(Eq(D(x / (1 + absolute(x)), x), 1 / (1 + absolute(x)) ** 2),),
    givens=(given(Ne(x, 0)),),
    source="Bergstra et al. 2009",
)
