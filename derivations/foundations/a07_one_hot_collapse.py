"""With a one-hot label the cross-entropy is the negative log-probability of the true class."""

from gradproof.notation import *
from gradproof.statement import Statement, WorkedNumber

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
t = index("t", K)  # the true class
y = vector("y", K)
S = let("S", Sum(exp(z[j]), j))
p = define("p", i, exp(z[i]) / S)
q = distribution("q", K)  # the probabilities of the worked numbers
loss = -Sum(y[i] * log(q[i]), i)

statement = Statement(
    claims=(Eq(-Sum(y[i] * log(p[i]), i), -log(p[t])),),
    givens=(given(Eq(y[i], delta(i, t)), i, text=r"y \text{ is one-hot at } t"),),
    source="Goodfellow, Bengio and Courville 2016, section 6.2.2.3",
    numbers=(
        WorkedNumber(loss, {"q": [0.7, 0.2, 0.1], "y": [1, 0, 0]}, 0.357, 0.0005, "good model (cat = 0.7): loss 0.357"),
        WorkedNumber(loss, {"q": [0.1, 0.8, 0.1], "y": [1, 0, 0]}, 2.303, 0.0005, "bad model (cat = 0.1): loss 2.303"),
    ),
)
