"""The gradient of cross-entropy from shards of the vocabulary."""

from gradproof.notation import *
from gradproof.statement import Statement

R, K = size("R"), size("K")
r, q, o = indices("r q o", R)
j, t, k = indices("j t k", K)
z, m, c = matrix("z", R, K), vector("m", R), scalar("c")  # logits by shard, the shift of each shard, the common one
s = define("s", r, Sum(exp(z[r, j] - m[r]), j))
S = let("S", Sum(s[r] * exp(m[r] - c), r))  # what the shards add up
L = define("L", q, t, c + log(S) - z[q, t])

statement = Statement(
    claims=(Eq(D(L[q, t], z[o, k]), exp(z[o, k] - c) / S - delta(o, q) * delta(k, t)),),
    source="Shoeybi et al. 2019, section 3",
    note="Every shard computes its part of the gradient from its own logits and two numbers that all shards share, "
    "$c$ and $S$. The shifts $m_r$ and $c$ are held fixed: by H10 the loss does not depend on them.",
)
