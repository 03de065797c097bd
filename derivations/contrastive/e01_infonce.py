"""InfoNCE in the scores: softmax minus the positive."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
i, j, k = indices("i j k", N)
s, tau = vector("s", N), scalar("tau", POSITIVE)  # scores, the positive first
p = softmax(s, i, tau=tau)
L = let("L", -log(p[1]))

statement = Statement(
    claims=(Eq(D(L, s[k]), 1 / tau * (p[k] - delta(k, 1))),),
    source="van den Oord, Li and Vinyals 2018, eq. 4",
    note="A classification among $N$ candidates, of which the first is the true one: $p_k$ is the probability that the"
    " scores give to candidate $k$. The positive is pulled with weight $1 - p_1$, each negative pushed away with its"
    " own $p_k$.",
)
