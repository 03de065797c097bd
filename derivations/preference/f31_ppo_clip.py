"""The clipped surrogate of PPO: no gradient where the ratio has gone far enough in the direction of the advantage."""

from gradproof.notation import *
from gradproof.statement import Statement

l, l0 = scalars("l l0")  # log-probabilities now and before
A, eps = scalar("A"), scalar("eps", POSITIVE)  # advantage, clip range
rho = let("rho", exp(l - l0))
up, low = let("u", rho - 1 - eps), let("v", 1 - eps - rho)  # beyond the clip range where positive
clipped = rho * A - relu(A) * relu(up) - relu(-A) * relu(low)  # min(rho A, clip(rho) A)
L = let("L", -clipped)
statement = Statement(
    claims=(Eq(D(L, l), -rho * A * (1 - step(A) * step(up) - step(-A) * step(low))),),
    givens=(
        given(Ne(up, 0)),
        given(Ne(low, 0)),
    ),
    source="Schulman et al. 2017, eq. 7",
    note=r"$\min(\rho A, \mathrm{clip}(\rho) A)$ is written by the parts that the clip takes away. The ratio $\rho$ is"
    r" above the clip range where $u > 0$ and below it where $v > 0$. A good action ($A > 0$) is not pushed beyond the"
    r" range above, a bad one ($A < 0$) not beyond it below; what leads back into the range keeps its gradient.",
)
