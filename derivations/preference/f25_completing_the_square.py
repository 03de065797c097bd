"""KL-regularised reward is a constant minus a KL to the best policy."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
p, ref = distribution("p", K), distribution("ref", K)
r, beta = vector("r", K), scalar("beta", POSITIVE)
Z = let("Z", Sum(ref[j] * exp(r[j] / beta), j))
best = define("p_star", i, ref[i] * exp(r[i] / beta) / Z)

statement = Statement(
    claims=(
        Eq(
            Sum(p[i] * r[i], i) - beta * kl(p, ref, i),
            beta * log(Z) - beta * kl(p, best, i),
        ),
    ),
    givens=(sums_to_one(p, i),),
    source="Rafailov et al. 2023, appendix A.1",
)
