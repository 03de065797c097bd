"""Cross-entropy from shards of the vocabulary."""

from gradproof.notation import *
from gradproof.statement import Statement

R, K = size("R"), size("K")
r, q = indices("r q", R)
j, t = indices("j t", K)
z, m, c = matrix("z", R, K), vector("m", R), scalar("c")  # logits by shard, the shift of each shard, the common one
s = define("s", r, Sum(exp(z[r, j] - m[r]), j))

statement = Statement(
    claims=(Eq(c + log(Sum(s[r] * exp(m[r] - c), r)) - z[q, t], -log(exp(z[q, t]) / Sum(exp(z[r, j]), j, r))),),
    source="Shoeybi et al. 2019, section 3",
)
