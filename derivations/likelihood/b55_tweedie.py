"""The Tweedie deviance in the log-mean."""

from gradproof.notation import *
from gradproof.statement import Statement

x, eta = scalar("x", NONNEGATIVE), scalar("eta")
p = scalar("p", Interval(Fraction(1), Fraction(2)))  # the power of the mean that the variance is
mu = let("mu", exp(eta))
L = let("L", mu ** (2 - p) / (2 - p) - x * mu ** (1 - p) / (1 - p))

statement = Statement(
    claims=(Eq(D(L, eta), mu ** (1 - p) * (mu - x)),),
    source="Jorgensen 1987; scikit-learn, TweedieRegressor",
)
