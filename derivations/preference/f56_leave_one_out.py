"""The leave-one-out baseline is a scaled mean baseline."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
n, m = indices("n m", N)
r = vector("r", N)  # rewards of the answers to one prompt
statement = Statement(
    claims=(Eq(r[n] - 1 / (N - 1) * Sum((1 - delta(m, n)) * r[m], m), N / (N - 1) * (r[n] - 1 / N * Sum(r[m], m))),),
    givens=(given(N - 1 > 0),),
    source="Kool, van Hoof and Welling 2019; Ahmadian et al. 2024 (RLOO)",
)
