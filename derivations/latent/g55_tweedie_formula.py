"""Tweedie's formula for a Gaussian prior: the posterior mean from the score."""

from gradproof.notation import *
from gradproof.statement import Statement

x, m = scalars("x m")  # noisy observation, prior mean
s2, t2 = scalars("s2 t2", POSITIVE)  # variance of the prior, of the noise
q = let("q", density(x, Gaussian(m, s2 + t2)))  # the law of the observation

statement = Statement(
    claims=(Eq(x + t2 * D(log(q), x), (s2 * x + t2 * m) / (s2 + t2)),),
    source="Efron 2011",
)
