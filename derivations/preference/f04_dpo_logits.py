"""DPO down to the logits: the softmax terms cancel."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
w, l = indices("w l", K)  # the chosen and the rejected answer
z, ref, beta = vector("z", K), vector("ref", K), scalar("beta", POSITIVE)  # logits of policy and reference
p, q = softmax(z, i), softmax(ref, i, name="q", total="T")
r = define("r", i, beta * (log(p[i]) - log(q[i])))  # implicit rewards
L = define("L", w, l, -log(sigmoid(r[w] - r[l])))

statement = Statement(
    claims=(Eq(D(L[w, l], z[k]), -beta * sigmoid(r[l] - r[w]) * (delta(k, w) - delta(k, l))),),
    source="Rafailov et al. 2023, section 4",
    arguments=(
        z,
        ref,
        w,
        l,
        beta,
    ),
)
