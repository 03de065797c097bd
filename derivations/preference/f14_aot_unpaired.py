"""Alignment by optimal transport, unpaired: rewards are compared rank by rank."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
i, j, n = indices("i j n", N)
a, b = vector("a", N), vector("b", N)  # margins of the chosen and of the rejected
beta = scalar("beta", POSITIVE)
u = define("u", i, a[argsort(a[j], j, i)] - b[argsort(b[j], j, i)])
L = let("L", 1 / N * Sum(-log(sigmoid(beta * u[i])), i))

statement = Statement(
    claims=(
        Eq(D(L, a[n]), -beta / N * sigmoid(-beta * u[rank(a[j], j, n)])),
        Eq(D(L, b[n]), beta / N * sigmoid(-beta * u[rank(b[j], j, n)])),
    ),
    givens=(
        given(Ne(a[i], a[j]), i, j, apart=((i, j),)),
        given(Ne(b[i], b[j]), i, j, apart=((i, j),)),
    ),
    source="Melnyk et al. 2024",
    note="$a_{(i)}$ is the i-th smallest entry of a.",
)
