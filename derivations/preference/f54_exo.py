"""EXO: the reverse divergence to smoothed preferences."""

from gradproof.notation import *
from gradproof.statement import Statement

h, eps = scalar("h"), scalar("eps", UNIT)  # scaled gap of the log-ratios, smoothing
q = let("q", sigmoid(h))
L = let("L", q * log(q / (1 - eps)) + (1 - q) * log((1 - q) / eps))

r = let("r", log(q / (1 - eps)) - log((1 - q) / eps))

statement = Statement(
    claims=(Eq(D(L, h), q * (1 - q) * r), Eq(r, h - log((1 - eps) / eps))),
    source="Ji et al. 2024",
)
