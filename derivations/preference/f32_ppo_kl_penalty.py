"""PPO with a KL penalty, in the logits."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
old, A, beta = distribution("old", K), vector("A", K), scalar("beta")
p = softmax(z, i)
J = let("J", Sum(p[i] * A[i], i))  # the mean advantage
KL = let(r"\mathrm{KL}(\mathrm{old} \| p)", kl(old, p, i))
L = let("L", -J + beta * KL)

statement = Statement(
    claims=(Eq(D(L, z[k]), -p[k] * (A[k] - J) + beta * (p[k] - old[k])),),
    lemmas=(Eq(D(J, z[k]), p[k] * (A[k] - J)), Eq(D(KL, z[k]), p[k] - old[k])),
    givens=(sums_to_one(old, i),),
    source="Schulman et al. 2017, eq. 8",
    note="$J$ is the mean advantage under the new policy $p$: its gradient raises the actions with a higher advantage."
    " The penalty pulls $p$ back to the old policy, with the gradient of a cross-entropy.",
)
