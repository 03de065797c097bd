"""The token loss of GRPO with its k3 penalty."""

from gradproof.notation import *
from gradproof.statement import Statement

l, l0, lr, beta = scalars("l l0 lr beta")  # log-probabilities: now, before, reference
A, eps = scalar("A"), scalar("eps", POSITIVE)  # advantage, clip range
rho = let("rho", exp(l - l0))
up, low = let("u", rho - 1 - eps), let("d", 1 - eps - rho)  # beyond the clip range where positive
clipped = rho * A - relu(A) * relu(up) - relu(-A) * relu(low)  # min(rho A, clip(rho) A)
d = let("e", lr - l)
L = let("L", -clipped + beta * (exp(d) - d - 1))

statement = Statement(
    claims=(Eq(D(L, l), -rho * (A - relu(A) * step(up) + relu(-A) * step(low)) + beta * (1 - exp(lr - l))),),
    givens=(
        given(Ne(up, 0)),
        given(Ne(low, 0)),
    ),
    source="Shao et al. 2024 (GRPO), eq. 3",
)
