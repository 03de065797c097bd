"""The Gumbel-max trick: the largest of z_j + g_j follows the softmax."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
j, t = indices("j t", K)
z = vector("z", K)  # logits
g = scalar("g")  # the noise of class t; the others lie below z_t + g with probability F
p = softmax(z)
F = define("F", j, t, exp(-exp(-(z[t] + g - z[j]))))  # distribution function of g_j at z_t + g - z_j

statement = Statement(
    claims=(Eq(E(Product(F[j, t] ** (1 - delta(j, t)), j), g, Gumbel(0)), p[t]),),
    source="Maddison, Tarlow and Minka 2014, section 3",
    arguments=(z, t),
)
