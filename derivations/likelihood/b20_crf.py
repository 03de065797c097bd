"""The log-partition function of a linear-chain CRF: its gradient is the marginals, which forward-backward computes."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
a, b, c, k = indices("a b c k", K)  # the labels at the three positions
i, j, l = indices("i j l", K)
t = index("t", 3)
u, A = matrix("u", 3, K), matrix("A", K, K)  # scores of labels, of transitions
s = define("s", a, b, c, u[1, a] + u[2, b] + u[3, c] + A[a, b] + A[b, c])
Z = let("Z", Sum(exp(s[i, j, l]), l, j, i))
P = define("P", a, b, c, exp(s[a, b, c]) / Z)  # the distribution over label sequences
L = let("L", log(Z))
# Messages in logarithms: forward to positions 2 and 3, backward to positions 2 and 1.
f2 = define(r"\alpha^{(2)}", b, u[2, b] + log(Sum(exp(u[1, a] + A[a, b]), a)))
f3 = define(r"\alpha^{(3)}", c, u[3, c] + log(Sum(exp(f2[b] + A[b, c]), b)))
b2 = define(r"\beta^{(2)}", b, log(Sum(exp(A[b, c] + u[3, c]), c)))
b1 = define(r"\beta^{(1)}", a, log(Sum(exp(A[a, b] + u[2, b] + b2[b]), b)))
F = let("F", log(Sum(exp(f3[c]), c)))

S, N = size("S"), size("N")
n, m = indices("n m", S)  # any finite set of sequences of N + 1 labels
r, l_ = index("r", N + 1), index("l", N)
v = matrix("v", N + 1, K)
y = labels("y", S, N + 1, classes=K)
w = define("w", n, Sum(v[r, y[n, r]], r) + Sum(A[y[n, l_], y[n, l_ + 1]], l_))
R = let("R", Sum(exp(w[m]), m))
Q = define("Q", n, exp(w[n]) / R)
M = let("M", log(R))

statement = Statement(
    claims=(
        Eq(
            D(L, u[t, k]),
            delta(t, 1) * exp(u[1, k] + b1[k] - F)
            + delta(t, 2) * exp(f2[k] + b2[k] - F)
            + delta(t, 3) * exp(f3[k] - F),
        ),
        Eq(D(M, v[r, k]), Sum(Q[n] * delta(y[n, r], k), n)),
        Eq(D(M, A[i, j]), Sum(Q[n] * Sum(delta(y[n, l_], i) * delta(y[n, l_ + 1], j), l_), n)),
    ),
    through=(
        delta(t, 1) * Sum(P[k, b, c], c, b) + delta(t, 2) * Sum(P[a, k, c], c, a) + delta(t, 3) * Sum(P[a, b, k], b, a),
    ),
    source="Lafferty, McCallum and Pereira 2001; Wainwright and Jordan 2008",
)
