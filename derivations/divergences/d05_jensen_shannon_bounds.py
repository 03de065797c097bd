"""The Jensen-Shannon divergence is symmetric and lies between 0 and log 2."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
p, q = distribution("p", K), distribution("q", K)
m = define("m", i, (p[i] + q[i]) / 2)
js = let(r"\mathrm{JS}", 1 / 2 * kl(p, m, i) + 1 / 2 * kl(q, m, i))
n = define("n", i, (q[i] + p[i]) / 2)
swapped = let(r"\mathrm{JS}'", 1 / 2 * kl(q, n, i) + 1 / 2 * kl(p, n, i))  # of q and p

statement = Statement(
    claims=(js >= 0, js <= log(2), absolute(js - swapped) <= 0),
    lemmas=(Eq(js, swapped),),
    givens=(sums_to_one(p, i), sums_to_one(q, i)),
    note="For full support; distributions with zeros, and when log 2 is reached, are not treated here.",
    source="Lin 1991, theorem 4",
)
