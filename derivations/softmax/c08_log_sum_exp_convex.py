"""Log-sum-exp is convex."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j = indices("i j", K)
a, b, th = vector("a", K), vector("b", K), scalar("th", UNIT)
p = softmax(a, i, name="p", total="S")
q = softmax(b, i, name="q", total="T")
c = define("c", i, th * a[i] + (1 - th) * b[i])
r = softmax(c, i, name="r", total="U")
lse_a, lse_b, lse_c = log(Sum(exp(a[j]), j)), log(Sum(exp(b[j]), j)), log(Sum(exp(c[j]), j))

statement = Statement(
    claims=(lse_c <= th * lse_a + (1 - th) * lse_b,),
    lemmas=(
        Eq(th * lse_a + (1 - th) * lse_b - lse_c, th * kl(r, p, i) + (1 - th) * kl(r, q, i)),
        kl(r, p, i) >= 0,
        kl(r, q, i) >= 0,
    ),
    source="Boyd and Vandenberghe 2004, section 3.1.5",
)
