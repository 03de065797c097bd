"""DPO down to the logits: the softmax terms cancel."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
w, l = indices("w l", K)  # the chosen and the rejected answer
z, ref, beta = vector("z", K), vector("ref", K), scalar("beta", POSITIVE)  # logits of policy and reference
p, q = softmax(z, i, name="pi"), softmax(ref, i, name="pi_ref", total="S_ref")
r = define("r", i, beta * (log(p[i]) - log(q[i])))  # implicit rewards
L = define("L", w, l, -log(sigmoid(r[w] - r[l])))

statement = Statement(
    claims=(Eq(D(L[w, l], z[k]), -beta * sigmoid(r[l] - r[w]) * (delta(k, w) - delta(k, l))),),
    source="Rafailov et al. 2023, section 4",
    note="Each $r_i$ pulls in all logits, but in the difference of two rewards the softmax terms cancel: only the"
    " logits of the chosen answer $w$ and of the rejected answer $l$ move.",
    arguments=(z, ref, w, l, beta),
)
