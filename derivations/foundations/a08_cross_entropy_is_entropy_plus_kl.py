"""Cross-entropy is entropy plus Kullback-Leibler divergence."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
P, Q = distribution("P", K), distribution("Q", K)

statement = Statement(
    claims=(Eq(cross_entropy(P, Q, i), entropy(P, i) + kl(P, Q, i)),),
    source="Cover and Thomas 2006, section 2.3",
)
