"""The backward pass of attention."""

from gradproof.notation import *
from gradproof.statement import Statement

N, M, D_, E = size("N"), size("M"), size("D"), size("E")
n, r = indices("n r", N)  # queries
m, l, s = indices("m l s", M)  # keys
c, d = indices("c d", D_)
e, b = indices("e b", E)
Q, K, V, G = matrix("Q", N, D_), matrix("K", M, D_), matrix("V", M, E), matrix("G", N, E)
sc = scalar("sc")
S = define("S", n, m, sc * Sum(Q[n, c] * K[m, c], c))
P = softmax(S, n, m, name="P", total="Z")
O = define("O", n, e, Sum(P[n, m] * V[m, e], m))
L = let("L", Sum(G[n, e] * O[n, e], e, n))
dP = define("dP", n, m, Sum(G[n, e] * V[m, e], e))
R = define("R", n, Sum(G[n, e] * O[n, e], e))  # row sums of dO * O
dS = define("dS", n, m, P[n, m] * (dP[n, m] - R[n]))

statement = Statement(
    claims=(
        Eq(D(L, V[l, b]), Sum(P[n, l] * G[n, b], n)),
        Eq(D(L, Q[r, d]), sc * Sum(dS[r, m] * K[m, d], m)),
        Eq(D(L, K[l, d]), sc * Sum(dS[n, l] * Q[n, d], n)),
    ),
    source="Dao et al. 2022, appendix B.2",
)
