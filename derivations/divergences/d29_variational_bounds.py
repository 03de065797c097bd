"""The NWJ and the Donsker-Varadhan lower bounds on KL."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
p, q, T = distribution("p", K), distribution("q", K), vector("T", K)
Z = let("Z", Sum(q[i] * exp(T[i]), i))

r = define("r", i, q[i] * exp(T[i]) / Z)  # the tilted distribution

statement = Statement(
    claims=(
        Sum(p[i] * T[i], i) - Sum(q[i] * exp(T[i] - 1), i) <= Sum(p[i] * T[i], i) - log(Z),
        Sum(p[i] * T[i], i) - log(Z) <= kl(p, q, i),
    ),
    givens=(sums_to_one(p, i), sums_to_one(q, i)),
    lemmas=(Eq(kl(p, q, i) - (Sum(p[i] * T[i], i) - log(Z)), kl(p, r, i)), kl(p, r, i) >= 0),
    source="Poole et al. 2019, eq. 4 and 8",
)
