"""A zero of the zero-inflated Poisson law: the gradient weighs its two explanations."""

from gradproof.notation import *
from gradproof.statement import Statement

a, eta = scalars("a eta")  # logit of a structural zero, log-rate
pi0, lam = let("pi", sigmoid(a)), let("lambda", exp(eta))
r = let("r", pi0 / (pi0 + (1 - pi0) * exp(-lam)))  # the responsibility of the structural zero
L = let("L", -log(pi0 + (1 - pi0) * exp(-lam)))

statement = Statement(
    claims=(Eq(D(L, a), pi0 - r), Eq(D(L, eta), (1 - r) * lam)),
    source="Lambert 1992",
)
