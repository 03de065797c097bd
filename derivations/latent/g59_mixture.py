"""A mixture of Gaussians: responsibilities weigh the gradient."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
x, m, w, s2 = scalar("x"), vector("m", K), distribution("w", K), scalar("s2", POSITIVE)
f = define("f", i, w[i] * exp(-((x - m[i]) ** 2) / (2 * s2)))
r = define("r", i, f[i] / Sum(f[j], j))  # responsibilities
L = let("L", -log(Sum(f[i], i)))

statement = Statement(
    claims=(Eq(D(L, m[k]), -r[k] * (x - m[k]) / s2),),
    source="Bishop 2006, eq. 9.16",
)
