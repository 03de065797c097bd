"""Partial log-sum-exps (m, s) merge in any grouping."""

from gradproof.notation import *
from gradproof.statement import Statement

N, M = size("N"), size("M")
n, m = index("n", N), index("m", M)
x, y = vector("x", N), vector("y", M)  # two parts of the logits
a, b, g, u, v, c = scalars("a b g u v c")  # shifts of three parts, of two merged pairs, of all: any numbers
r, s, t = scalars("r s t", POSITIVE)  # the sums of exponentials of the three parts, each less its shift
p, q = let("p", r * exp(a - u) + s * exp(b - u)), let("q", s * exp(b - v) + t * exp(g - v))  # merged pairs
S, T = let("S", Sum(exp(x[n] - a), n)), let("T", Sum(exp(y[m] - b), m))

statement = Statement(
    claims=(
        Eq(p * exp(u - c) + t * exp(g - c), r * exp(a - c) + q * exp(v - c)),
        Eq(u + log(S * exp(a - u) + T * exp(b - u)), log(Sum(exp(x[n]), n) + Sum(exp(y[m]), m))),
    ),
    source="Milakov and Gimelshein 2018, section 3.1",
    note="So a log-sum-exp may be computed from parts that arrive one after the other, or lie on several machines. The "
    "shifts are any numbers; code takes the largest logit of each part.",
)
