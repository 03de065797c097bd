"""The gradient of softmax cross-entropy is prediction minus truth."""

from gradproof.notation import *
from gradproof.statement import Statement, WorkedNumber

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
y = distribution("y", K, domain=NONNEGATIVE)  # a one-hot label too
S = let("S", Sum(exp(z[j]), j))
p = define("p", i, exp(z[i]) / S)
L = let("L", -Sum(y[i] * log(p[i]), i))
q = distribution("q", K)  # the prediction of the worked numbers

statement = Statement(
    claims=(Eq(D(L, z[k]), p[k] - y[k]),),
    givens=(sums_to_one(y, i),),
    source="Bishop 2006, eq. 4.109",
    numbers=(
        WorkedNumber(
            q[k] - y[k],
            {"q": [0.7, 0.2, 0.1], "y": [1, 0, 0]},
            [-0.3, 0.2, 0.1],
            0,
            "0.7 - 1 = -0.3, 0.2 - 0 = +0.2, 0.1 - 0 = +0.1",
        ),
        WorkedNumber(
            q[k] - y[k], {"q": [0.1, 0.8, 0.1], "y": [1, 0, 0], "k": 1}, -0.9, 0, "10% confident: the nudge is -0.9"
        ),
    ),
)
