"""The evidence lower bound is reconstruction minus a KL to the prior."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
pz, lx, q = (
    distribution("pz", K),
    vector("lx", K, domain=POSITIVE),
    distribution("q", K),
)  # prior, likelihoods p(x | z), q

statement = Statement(
    claims=(Eq(Sum(q[i] * (log(pz[i] * lx[i]) - log(q[i])), i), Sum(q[i] * log(lx[i]), i) - kl(q, pz, i)),),
    source="Kingma and Welling 2014, eq. 3",
)
