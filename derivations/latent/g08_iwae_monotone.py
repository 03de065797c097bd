"""The importance-weighted bound grows with the number of samples and stays below the log-evidence."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j = indices("i j", K)
J, q = vector("J", K, domain=POSITIVE), distribution("q", K)  # p(x, z = i) and q(z = i)
px = let("p_x", Sum(J[i], i))
w = define("w", i, J[i] / q[i])  # importance weights
one = let(r"\mathcal{L}_1", Sum(q[i] * log(w[i]), i))
two = let(r"\mathcal{L}_2", Sum(q[i] * q[j] * log((w[i] + w[j]) / 2), j, i))

statement = Statement(
    claims=(one <= two, two <= log(px)),
    givens=(sums_to_one(q, i),),
    source="Burda et al. 2016, theorem 1",
)
