"""The Jacobian of log-softmax."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)  # logits
S = let("S", Sum(exp(z[j]), j))
p = define("p", i, exp(z[i]) / S)
ell = define("ell", i, z[i] - log(S))  # log p_i

statement = Statement(
    claims=(Eq(D(ell[i], z[k]), delta(i, k) - p[k]),),
    source="PyTorch documentation of LogSoftmax",
)
