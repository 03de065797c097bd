"""The KL divergence of two multivariate Gaussians."""

from gradproof.notation import *
from gradproof.statement import Statement

d, N = size("d"), size("N")
i, j = indices("i j", d)
n = index("n", N)
w, u = distribution("w", N), matrix("u", N, d)
m1, m2, S1, S2 = vector("m1", d), vector("m2", d), matrix("S1", d, d), matrix("S2", d, d)
c = define("c", i, m1[i] - m2[i])
q1 = define("q1", n, Sum(u[n, i] * inverse(S1)[i, j] * u[n, j], j, i))
q2 = define("q2", n, Sum((u[n, i] + c[i]) * inverse(S2)[i, j] * (u[n, j] + c[j]), j, i))
ell1 = define("ell_1", n, -1 / 2 * (d * log(2 * pi) + log(det(S1)) + q1[n]))
ell2 = define("ell_2", n, -1 / 2 * (d * log(2 * pi) + log(det(S2)) + q2[n]))
trace, between = (Sum(inverse(S2)[i, j] * t, j, i) for t in (S1[i, j], c[i] * c[j]))

statement = Statement(
    claims=(Eq(Sum(w[n] * (ell1[n] - ell2[n]), n), 1 / 2 * (trace + between - d + log(det(S2)) - log(det(S1)))),),
    lemmas=(Eq(Sum(w[n] * q1[n], n), d), Eq(Sum(w[n] * q2[n], n), trace + between)),
    givens=(
        sums_to_one(w),
        given(Eq(Sum(w[n] * u[n, i], n), 0), i),
        given(Eq(Sum(w[n] * u[n, i] * u[n, j], n), S1[i, j]), i, j),
        positive_definite(S1),
        symmetric(S1),
        positive_definite(S2),
    ),
    arguments=(m1, S1, m2, S2, w, u),
    source="Rasmussen and Williams 2006, eq. A.23",
    note=r"The difference of two Gaussian log-densities is quadratic, so its average under $N(m_1, S_1)$ rests on mean"
    r" and covariance alone. Proved here is that average for every finite distribution with these two moments: points"
    r" $x_n = m_1 + u_n$ with weights $w_n$, so that $x_n - m_2 = u_n + c$. $N(m_1, S_1)$ itself has them.",
)
