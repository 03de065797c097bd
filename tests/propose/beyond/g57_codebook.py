"""The best code is the mean of what it stands for."""

from gradproof.notation import *
from gradproof.statement import Statement

N, K = size("N"), size("K")
n, i = index("n", N), index("i", K)
a, z, e = vector("a", N, domain=NONNEGATIVE), matrix("z", N, K), vector("e", K)  # assignments, encodings, code
statement = Statement(
    claims=(argmin(Sum(a[n] * (z[n, i] - e[i]) ** 2, i, n), e[i], Sum(a[n] * z[n, i], n) / Sum(a[n], n)),),
    givens=(given(Sum(a[n], n) > 0),),
    source="van den Oord, Vinyals and Kavukcuoglu 2017",
)
