"""An f-divergence in the logits of q, for any differentiable generator f."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
m = index("m", 5)  # which of five generators
a = vector("a", K)  # logits of q
p = distribution("p", K)
f = function("f", POSITIVE)
q = softmax(a, i, name="q")
t = define("r", i, p[i] / q[i])
phi = define("varphi", i, f(t[i]) - t[i] * f.derivative(t[i]))
L = let("D_f", Sum(q[i] * f(t[i]), i))


r = t[i]
generators = (  # KL, reverse KL, Pearson, Hellinger, Jensen-Shannon, each with its derivative
    (r * log(r), log(r) + 1),
    (-log(r), -1 / r),
    ((r - 1) ** 2, 2 * (r - 1)),
    ((sqrt(r) - 1) ** 2, 1 - 1 / sqrt(r)),
    ((r * log(r) - (r + 1) * log((r + 1) / 2)) / 2, log(2 * r / (r + 1)) / 2),
)
g = define("g", m, i, sum(delta(m, n) * form for n, (form, _) in enumerate(generators, 1)))
dg = define("h", m, i, sum(delta(m, n) * slope for n, (_, slope) in enumerate(generators, 1)))
psi = define("psi", m, i, g[m, i] - t[i] * dg[m, i])
G = define("D", m, Sum(q[i] * g[m, i], i))

statement = Statement(
    claims=(
        Eq(D(L, a[k]), q[k] * (phi[k] - Sum(q[j] * phi[j], j))),
        Eq(D(G[m], a[k]), q[k] * (psi[m, k] - Sum(q[j] * psi[m, j], j))),
    ),
    lemmas=(Eq(D(g[m, i], a[k]), -dg[m, i] * t[i] * (delta(i, k) - q[k])),),
    arguments=(a, p, m),
    source="Csiszar 1967; Nowozin, Cseke and Tomioka 2016, section 2",
)
