"""The KL term of a variational autoencoder, from the densities of encoder and prior."""

from gradproof.notation import *
from gradproof.statement import Statement

J = size("J")
i, j = indices("i j", J)
z = scalar("z")  # one coordinate of the latent vector
mu, s = vector("mu", J), vector("s", J)  # means and log-variances
q = define("q", i, density(z, Gaussian(mu[i], exp(s[i]))))  # encoder
p = let("p", density(z, Gaussian(0, 1)))  # prior
KL = let("KL", Sum(E(log(q[i]) - log(p), z, Gaussian(mu[i], exp(s[i]))), i))

statement = Statement(
    lemmas=(Eq(KL, -1 / 2 * Sum(1 + s[i] - mu[i] ** 2 - exp(s[i]), i)),),
    claims=(
        Eq(D(KL, mu[j]), mu[j]),
        Eq(D(KL, s[j]), 1 / 2 * (exp(s[j]) - 1)),
    ),
    source="Kingma and Welling 2014, appendix B",
    note="Both densities are products over the coordinates, so that their log-ratio is a sum of terms in one coordinate"
    " each.",
)
