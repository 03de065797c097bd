"""Pinsker's inequality: total variation is at most the square root of half the divergence."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
x = scalar("x", POSITIVE)
p, q = distribution("p", K), distribution("q", K)
TV = let(r"\mathrm{TV}", 1 / 2 * Sum(absolute(p[i] - q[i]), i))
KL = let(r"\mathrm{KL}", kl(p, q, i))

statement = Statement(
    claims=(TV <= sqrt(KL / 2),),
    givens=(sums_to_one(p, i), sums_to_one(q, i)),
    lemmas=((x - 1) ** 2 <= (2 * x + 4) / 3 * (x * log(x) - x + 1),),
    source="Cover and Thomas 2006, lemma 11.6.1",
)
