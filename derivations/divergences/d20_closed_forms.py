"""The KL divergences of Poisson, exponential and Bernoulli laws."""

from gradproof.notation import *
from gradproof.statement import Statement

l1, l2 = scalars("lambda_1 lambda_2", POSITIVE)
r1, r2 = scalars("r1 r2", POSITIVE)
t1, t2 = scalars("theta_1 theta_2", UNIT)
n, x, y = scalar("n", COUNTS), scalar("x", POSITIVE), scalar("y", BINARY)


def kl_of(name, symbol, first, second):
    """The mean of the log-ratio of the two densities under the first."""
    p, q = let(f"p_{name}", density(symbol, first)), let(f"q_{name}", density(symbol, second))
    return E(log(p) - log(q), symbol, first)


statement = Statement(
    claims=(
        Eq(kl_of("n", n, Poisson(l1), Poisson(l2)), l1 * log(l1 / l2) - l1 + l2),
        Eq(kl_of("x", x, Exponential(r1), Exponential(r2)), log(r1 / r2) + r2 / r1 - 1),
        Eq(
            kl_of("y", y, Bernoulli(t1), Bernoulli(t2)),
            t1 * log(t1 / t2) + (1 - t1) * log((1 - t1) / (1 - t2)),
        ),
    ),
    source="Kullback 1959, chapter 2",
)
