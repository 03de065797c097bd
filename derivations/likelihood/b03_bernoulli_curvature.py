r"""Binary cross-entropy is convex in the logit: its second derivative is $\sigma (1 - \sigma)$."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, k, m = indices("i k m", K)
z, y = vector("z", K), vector("y", K)
L = let("L", Sum(softplus(z[i]) - y[i] * z[i], i))

statement = Statement(
    claims=(
        Eq(D(L, z[k], z[m]), delta(k, m) * sigmoid(z[k]) * (1 - sigmoid(z[k]))),
        D(L, z[k], z[k]) > 0,
    ),
    source="Bishop 2006, eq. 4.97",
)
