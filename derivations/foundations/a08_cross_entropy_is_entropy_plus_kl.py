"""Cross-entropy is entropy plus Kullback-Leibler divergence."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
P, Q = distribution("P", K), distribution("Q", K)
H = let("H(P)", entropy(P, i))
C = let("H(P, Q)", cross_entropy(P, Q, i))
KL = let(r"\mathrm{KL}(P \| Q)", kl(P, Q, i))

statement = Statement(
    claims=(Eq(C, H + KL),),
    source="Cover and Thomas 2006, section 2.3",
)
