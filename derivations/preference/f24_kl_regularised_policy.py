"""KL-regularised reward is maximised by a tilted reference policy."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
p, ref = distribution("p", K), distribution("ref", K)
r, beta = vector("r", K), scalar("beta", POSITIVE)
Z = let("Z", Sum(ref[j] * exp(r[j] / beta), j))
best = define("p_star", i, ref[i] * exp(r[i] / beta) / Z)

statement = Statement(
    claims=(argmax(Sum(p[i] * r[i], i) - beta * kl(p, ref, i), p[i], best[i]),),
    givens=(
        sums_to_one(p, i),
        sums_to_one(ref, i),
    ),
    source="Rafailov et al. 2023, eq. 4",
)
