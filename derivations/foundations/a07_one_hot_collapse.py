"""With a one-hot label the cross-entropy is the negative log-probability of the true class."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
t = index("t", K)  # the true class
y = vector("y", K)
S = let("S", Sum(exp(z[j]), j))
p = define("p", i, exp(z[i]) / S)

statement = Statement(
    claims=(Eq(-Sum(y[i] * log(p[i]), i), -log(p[t])),),
    givens=(given(Eq(y[i], delta(i, t)), i, text=r"y \text{ is one-hot at } t"),),
    source="Goodfellow, Bengio and Courville 2016, section 6.2.2.3",
)
