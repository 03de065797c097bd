"""The best code is the mean of what it stands for."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
n = index("n", N)
a, z, e = vector("a", N, domain=NONNEGATIVE), vector("z", N), scalar("e")  # assignments, encodings, code
statement = Statement(
    claims=(argmin(Sum(a[n] * (z[n] - e) ** 2, n), e, Sum(a[n] * z[n], n) / Sum(a[n], n)),),
    givens=(given(Sum(a[n], n) > 0),),
    source="van den Oord, Vinyals and Kavukcuoglu 2017",
)
