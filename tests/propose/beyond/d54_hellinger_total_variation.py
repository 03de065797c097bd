"""The squared Hellinger distance is at most the total variation."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
p, q = distribution("p", K), distribution("q", K)
statement = Statement(
    claims=(1 / 2 * Sum((sqrt(p[i]) - sqrt(q[i])) ** 2, i) <= 1 / 2 * Sum(absolute(p[i] - q[i]), i),),
    source="Le Cam 1986; Tsybakov 2009",
)
