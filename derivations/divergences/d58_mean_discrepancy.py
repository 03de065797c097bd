"""The maximum mean discrepancy of the linear kernel is a distance of means."""

from gradproof.notation import *
from gradproof.statement import Statement

N, M = size("N"), size("M")
n, r, m, s = index("n", N), index("r", N), index("m", M), index("s", M)
x, y = vector("x", N), vector("y", M)
a, b = 1 / N * Sum(x[n], n), 1 / M * Sum(y[m], m)
statement = Statement(
    claims=(
        Eq(
            1 / N**2 * Sum(x[n] * x[r], r, n)
            + 1 / M**2 * Sum(y[m] * y[s], s, m)
            - 2 / (N * M) * Sum(x[n] * y[m], m, n),
            (a - b) ** 2,
        ),
    ),
    source="Gretton et al. 2012",
)
