"""Cross-entropy at a temperature: the gradient in the logits."""

from gradproof.notation import *
from gradproof.statement import Statement, WorkedNumber

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
y = distribution("y", K, domain=NONNEGATIVE)
tau = scalar("tau", POSITIVE)
p = softmax(z, i, tau=tau)
L = let("L", -Sum(y[i] * log(p[i]), i))

statement = Statement(
    claims=(Eq(D(L, z[k]), 1 / tau * (p[k] - y[k])),),
    givens=(sums_to_one(y, i),),
    source="Hinton, Vinyals and Dean 2015, eq. 2",
    numbers=(
        WorkedNumber(
            p[i], {"z": [2.1, 1.0, -0.5], "tau": 0.5}, [0.93, 0.06, 0.01], 0.005, "tau = 0.5 -> [0.93, 0.06, 0.01]"
        ),
        WorkedNumber(
            p[i], {"z": [2.1, 1.0, -0.5], "tau": 1.0}, [0.71, 0.24, 0.05], 0.005, "tau = 1.0 -> [0.71, 0.24, 0.05]"
        ),
        WorkedNumber(
            p[i], {"z": [2.1, 1.0, -0.5], "tau": 3.0}, [0.43, 0.35, 0.22], 0.005, "tau = 3.0 -> [0.43, 0.35, 0.22]"
        ),
    ),
)
