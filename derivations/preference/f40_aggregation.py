"""How GRPO, DAPO and Dr. GRPO weigh a token."""

from gradproof.notation import *
from gradproof.statement import Statement

G, T = size("G"), size("T")
i, j = indices("i j", G)
t, s = indices("t s", T)
M, l = matrix("M", G, T), matrix("l", G, T)  # mask of the tokens, their losses
n = define("n", i, Sum(M[i, t], t))  # tokens of a completion
m = let("m", Sum(M[i, t], t, i))
a = let("a", 1 / G * Sum(1 / n[i] * Sum(M[i, t] * l[i, t], t), i))
b = let("b", Sum(M[i, t] * l[i, t], t, i) / m)
c = let("c", Sum(M[i, t] * l[i, t], t, i) / (G * T))

statement = Statement(
    claims=(
        Eq(D(a, l[j, s]), M[j, s] / (G * n[j])),
        Eq(D(b, l[j, s]), M[j, s] / m),
        Eq(D(c, l[j, s]), M[j, s] / (G * T)),
    ),
    givens=(
        given(n[i] > 0, i),
        given(m > 0),
    ),
    source="Yu et al. 2025 (DAPO), Liu et al. 2025 (Dr. GRPO)",
)
