"""The soft value of SAC is the log-sum-exp of the action values."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j = indices("i j", K)
Q, alpha = vector("Q", K), scalar("alpha", POSITIVE)  # action values, temperature
pi_ = softmax(Q, i, name="pi", tau=alpha)

statement = Statement(
    claims=(Eq(Sum(pi_[i] * (Q[i] - alpha * log(pi_[i])), i), alpha * log(Sum(exp(Q[j] / alpha), j))),),
    source="Haarnoja et al. 2017; Haarnoja et al. 2018",
)
