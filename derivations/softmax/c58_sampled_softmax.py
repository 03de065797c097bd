"""The correction of sampled softmax makes the normaliser unbiased."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
z, q = vector("z", K), distribution("q", K)  # logits, the law of the sampled classes
statement = Statement(
    claims=(Eq(Sum(q[i] * exp(z[i] - log(q[i])), i), Sum(exp(z[i]), i)),),
    source="Bengio and Senecal 2008; Jean et al. 2015",
)
