"""The 1.5-entmax loss, the Fenchel-Young loss of a Tsallis entropy: prediction minus target."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z, y = vector("z", K), vector("y", K, domain=NONNEGATIVE)  # scores, target
u = scalar("u")
tau = let("tau", root(Eq(Sum(relu(z[j] / 2 - u) ** 2, j), 1), u))  # the threshold
r = define("r", i, relu(z[i] / 2 - tau))
p = define("p", i, r[i] ** 2)  # 1.5-entmax
half = Fraction(3, 2)
conjugate = let("A", Sum(z[i] * p[i], i) - Fraction(4, 3) * Sum(p[i] ** half - p[i], i))
L = let("L", conjugate + Fraction(4, 3) * Sum(y[i] ** half - y[i], i) - Sum(z[i] * y[i], i))

statement = Statement(
    claims=(Eq(D(L, z[k]), p[k] - y[k]),),
    givens=(given(Ne(z[i] / 2 - tau, 0), i),),
    source="Peters, Niculae and Martins 2019",
)
