"""Two blocks of attention merge into one: rescale each by its own maximum."""

from gradproof.notation import *
from gradproof.statement import Statement

N, M, E = size("N"), size("M"), size("E")
n, m, e = index("n", N), index("m", M), index("e", E)
s1, s2, V1, V2 = vector("s1", N), vector("s2", M), matrix("V1", N, E), matrix("V2", M, E)
m1, m2, c = scalars("m1 m2 c")  # the shift of each block, and the common one: any numbers
l1, l2 = let("l_1", Sum(exp(s1[n] - m1), n)), let("l_2", Sum(exp(s2[m] - m2), m))
O1 = define("O_1", e, Sum(exp(s1[n] - m1) * V1[n, e], n) / l1)
O2 = define("O_2", e, Sum(exp(s2[m] - m2) * V2[m, e], m) / l2)
l = let("l", l1 * exp(m1 - c) + l2 * exp(m2 - c))

statement = Statement(
    claims=(
        Eq(
            (l1 * exp(m1 - c) * O1[e] + l2 * exp(m2 - c) * O2[e]) / l,
            (Sum(exp(s1[n]) * V1[n, e], n) + Sum(exp(s2[m]) * V2[m, e], m)) / (Sum(exp(s1[n]), n) + Sum(exp(s2[m]), m)),
        ),
    ),
    source="Dao et al. 2022, section 3.1",
)
