"""DPO: the gradient in the log-ratios of the chosen and the rejected answer."""

from gradproof.notation import *
from gradproof.statement import Statement

a, b, beta = scalar("a"), scalar("b"), scalar("beta", POSITIVE)  # log-ratios of chosen and rejected
u = let("u", beta * (a - b))
L = let("L", -log(sigmoid(u)))

statement = Statement(
    claims=(
        Eq(D(L, a), -beta * sigmoid(-u)),
        Eq(D(L, b), beta * sigmoid(-u)),
    ),
    source="Rafailov et al. 2023, eq. 7",
    note=r"$a = \log \frac{\pi(y_w)}{\pi_{\mathrm{ref}}(y_w)}$ of the chosen answer and"
    r" $b = \log \frac{\pi(y_l)}{\pi_{\mathrm{ref}}(y_l)}$ of the rejected one; $u$ is the difference of their implicit"
    r" rewards. The weight $\sigma(-u)$ is the probability that the model gives to the wrong order.",
)
