"""The streamed log-sum-exp: one pass over the logits, whatever the running shift."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
k, t = indices("k t", K)
u = index("u", K + 1)  # before the first logit, ..., after the last
x, m = vector("x", K), vector("m", K + 1)  # logits; the running shift, any numbers: in code, the largest logit so far
s = define("s", u, Sum(before(k, u) * exp(x[k] - m[u]), k))

statement = Statement(
    claims=(
        Eq(s[t + 1], s[t] * exp(m[t] - m[t + 1]) + exp(x[t] - m[t + 1])),
        Eq(m[K + 1] + log(s[K + 1]), log(Sum(exp(x[k]), k))),
    ),
    source="Milakov and Gimelshein 2018, algorithm 3",
    note="$s_u$ is the sum over the logits before place $u$, so (1) is the step of the stream and (2) its end. It is "
    "H29 with a second part of one logit.",
)
