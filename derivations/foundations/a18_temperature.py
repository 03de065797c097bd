"""Cross-entropy at a temperature: the derivative in the temperature."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
y = distribution("y", K, domain=NONNEGATIVE)
tau = scalar("tau", POSITIVE)
p = softmax(z, i, tau=tau)
L = let("L", -Sum(y[i] * log(p[i]), i))

statement = Statement(
    claims=(Eq(D(L, tau), 1 / tau**2 * Sum((y[i] - p[i]) * z[i], i)),),
    givens=(sums_to_one(y, i),),
    source="Guo, Pleiss, Sun and Weinberger 2017 (temperature scaling), derived",
)
