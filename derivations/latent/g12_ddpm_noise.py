"""The KL term of a diffusion step is a weighted error of the noise."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i = index("i", K)
al, abp = scalars("al abp", UNIT)
x0, e, et, s2 = vector("x0", K), vector("e", K), vector("et", K), scalar("s2", POSITIVE)
ab, be = let("c", al * abp), let("b", 1 - al)
xt = define("x_t", i, sqrt(ab) * x0[i] + sqrt(1 - ab) * e[i])
mu = define("mu", i, sqrt(abp) * be / (1 - ab) * x0[i] + sqrt(al) * (1 - abp) / (1 - ab) * xt[i])
mt = define("m", i, (xt[i] - be / sqrt(1 - ab) * et[i]) / sqrt(al))

statement = Statement(
    claims=(
        Eq(
            Sum((mu[i] - mt[i]) ** 2, i) / (2 * s2),
            be**2 / (2 * s2 * al * (1 - ab)) * Sum((e[i] - et[i]) ** 2, i),
        ),
    ),
    givens=(given(1 - ab > 0),),
    source="Ho, Jain and Abbeel 2020, eq. 12",
)
