"""InfoNCE in query and keys: the query moves towards its key and away from the mean key."""

from gradproof.notation import *
from gradproof.statement import Statement

N, D_ = size("N"), size("D")
i, j, m = indices("i j m", N)
d, c = indices("d c", D_)
q, k, tau = vector("q", D_), matrix("k", N, D_), scalar("tau", POSITIVE)
s = define("s", i, Sum(q[c] * k[i, c], c))  # scores
p = softmax(s, i, tau=tau)
L = let("L", -log(p[1]))

statement = Statement(
    claims=(
        Eq(D(L, q[d]), 1 / tau * (Sum(p[j] * k[j, d], j) - k[1, d])),
        Eq(D(L, k[m, d]), 1 / tau * (p[m] - delta(m, 1)) * q[d]),
    ),
    source="van den Oord, Li and Vinyals 2018, eq. 4",
    note="The first of the $N$ keys is the positive one. Scores are inner products of the query with the keys.",
)
