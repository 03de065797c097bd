"""The components of the gradient $p - y$ sum to zero."""

from gradproof.notation import *
from gradproof.statement import Statement, WorkedNumber

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
y = distribution("y", K, domain=NONNEGATIVE)
S = let("S", Sum(exp(z[j]), j))
p = define("p", i, exp(z[i]) / S)
q = distribution("q", K)  # the prediction of the worked numbers

statement = Statement(
    claims=(Eq(Sum(p[k] - y[k], k), 0),),
    givens=(sums_to_one(y, i),),
    source="from the shift invariance of softmax",
    numbers=(
        WorkedNumber(
            Sum(q[k] - y[k], k), {"q": [0.7, 0.2, 0.1], "y": [1, 0, 0]}, 0, 0, "-0.3, +0.2 and +0.1 sum to zero"
        ),
    ),
)
