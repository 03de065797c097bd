"""The backward pass of logcumsumexp is a reversed cumulative sum."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
z, g = vector("z", K), vector("g", K)  # inputs; the gradient that comes from above
S = define("S", i, Sum(at_most(j, i) * exp(z[j]), j))
c = define("c", i, log(S[i]))
L = let("L", Sum(g[i] * c[i], i))

statement = Statement(
    claims=(Eq(D(L, z[k]), exp(z[k]) * Sum(at_most(k, i) * g[i] * exp(-c[i]), i)),),
    source="PyTorch documentation of torch.logcumsumexp",
)
