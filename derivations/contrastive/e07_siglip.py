"""The pairwise sigmoid loss of SigLIP."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
i, j, n, m = indices("i j n m", N)
A, tt, b = matrix("A", N, N), scalar("tt"), scalar("b")  # similarities, log-temperature, bias
l = define("l", i, j, exp(tt) * A[i, j] + b)  # logits
L = let("L", -1 / N * Sum(delta(n, m) * log(sigmoid(l[n, m])) + (1 - delta(n, m)) * log(sigmoid(-l[n, m])), m, n))

statement = Statement(
    claims=(
        Eq(D(L, A[i, j]), 1 / N * (sigmoid(l[i, j]) - delta(i, j)) * exp(tt)),
        Eq(D(L, tt), 1 / N * Sum((sigmoid(l[n, m]) - delta(n, m)) * exp(tt) * A[n, m], m, n)),
        Eq(D(L, b), 1 / N * Sum(sigmoid(l[n, m]) - delta(n, m), m, n)),
    ),
    source="Zhai et al. 2023, section 3",
)
