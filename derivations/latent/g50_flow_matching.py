"""Flow matching: the conditional velocity along a straight path."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
x0, x1, t = vector("x0", K), vector("x1", K), scalar("t", UNIT)
xt = define("x_t", i, (1 - t) * x0[i] + t * x1[i])

statement = Statement(
    claims=(Eq(D(xt[i], t), x1[i] - x0[i]), Eq((x1[i] - xt[i]) / (1 - t), x1[i] - x0[i])),
    source="Lipman et al. 2023",
)
