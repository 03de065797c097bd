"""The baseline of least variance."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
p, g, r = distribution("p", K), vector("g", K), vector("r", K)  # policy, scores, rewards
b = scalar("b")
w = define("w", i, p[i] * g[i] ** 2)
W = let("W", Sum(w[i], i))
m = let("m", Sum(w[i] * r[i], i) / W)

statement = Statement(
    claims=(Eq(Sum(w[i] * (r[i] - b) ** 2, i) - Sum(w[i] * (r[i] - m) ** 2, i), W * (b - m) ** 2),),
    givens=(given(W > 0),),
    source="Greensmith, Bartlett and Baxter 2004",
    note=r"A baseline leaves the mean of the gradient estimate as it is, so its variance is least where"
    r" its second moment is: at $b = m$.",
)
