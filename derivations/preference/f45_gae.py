"""Generalised advantage estimation: the recursion, and what remains at lambda = 1."""

from gradproof.notation import *
from gradproof.statement import Statement

T = size("T")
t, l = indices("t l", T)  # steps of an episode
u = index("u", T + 1)  # and the one after the last
r, V = vector("r", T), vector("V", T + 1)  # rewards, values
gamma, lam = scalar("gamma", POSITIVE), scalar("lam", POSITIVE)  # discount, trace decay
d = define("d", l, r[l] + gamma * V[l + 1] - V[l])  # the errors of temporal differences
A = define("A", u, Sum(at_most(u, l) * (gamma * lam) ** (l - u) * d[l], l))
B = define("B", u, Sum(at_most(u, l) * gamma ** (l - u) * d[l], l))  # the same at lambda = 1

statement = Statement(
    claims=(
        Eq(A[t], d[t] + gamma * lam * A[t + 1]),
        Eq(B[t], Sum(at_most(t, l) * gamma ** (l - t) * r[l], l) - V[t]),
    ),
    givens=(given(Eq(V[T + 1], 0), text=r"V_{T+1} = 0: \text{ the episode is over}"),),
    arguments=(r, V, gamma, lam),
    source="Schulman, Moritz, Levine, Jordan and Abbeel 2015, equations 16 to 18",
)
