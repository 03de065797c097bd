"""The evidence lower bound is the log-evidence minus a KL to the posterior."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
J, q = vector("J", K, domain=POSITIVE), distribution("q", K)  # p(x, z = i) and q(z = i)
px = let("p_x", Sum(J[i], i))
post = define("p_post", i, J[i] / px)

statement = Statement(
    claims=(Eq(Sum(q[i] * (log(J[i]) - log(q[i])), i), log(px) - kl(q, post, i)),),
    givens=(sums_to_one(q, i),),
    source="Jordan et al. 1999, section 6",
)
