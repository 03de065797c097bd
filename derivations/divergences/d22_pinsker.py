"""Pinsker's inequality: total variation is at most the square root of half the divergence."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
x = scalar("x", POSITIVE)
p, q = distribution("p", K), distribution("q", K)
tv = let(r"\mathrm{TV}", 1 / 2 * Sum(absolute(p[i] - q[i]), i))
divergence = let(r"\mathrm{KL}", kl(p, q, i))
v = define("v", i, (2 * p[i] + 4 * q[i]) / 3)

statement = Statement(
    claims=(tv <= sqrt(divergence / 2),),
    givens=(sums_to_one(p, i), sums_to_one(q, i)),
    lemmas=(
        (x - 1) ** 2 <= (2 * x + 4) / 3 * (x * log(x) - x + 1),
        (p[i] - q[i]) ** 2 / v[i] <= p[i] * log(p[i] / q[i]) - p[i] + q[i],
        Sum(absolute(p[i] - q[i]), i) ** 2 <= Sum(v[i], i) * Sum((p[i] - q[i]) ** 2 / v[i], i),
        Eq(Sum(v[i], i), 2),
        divergence >= 0,
    ),
    source="Cover and Thomas 2006, lemma 11.6.1",
)
