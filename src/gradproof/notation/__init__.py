"""The vocabulary in which statements are written: declare names, build terms, claim.

    K = size("K")
    i, j, k = indices("i j k", K)
    z = vector("z", K)
    S = let("S", Sum(exp(z[j]), j))
    p = define("p", i, exp(z[i]) / S)
    Eq(D(p[i], z[k]), p[i] * (delta(i, k) - p[k]))

Logarithms are natural, so information is in nats. Indices run from 1. `==` compares terms; `Eq` claims.
"""

from fractions import Fraction

from gradproof.distributions import Bernoulli, Exponential, Gaussian, Gumbel, Laplace, Poisson, Uniform, density
from gradproof.expression import BINARY, COUNTS, NATURAL, NEGATIVE, NONNEGATIVE, POSITIVE, REAL, UNIT, Interval
from gradproof.notation.claims import Eq, ForAll, Iff, Ne, argmax, argmin, given, sums_to_one
from gradproof.notation.functions import (
    absolute,
    at_most,
    before,
    clip,
    cos,
    exp,
    lgamma,
    log,
    maximum,
    minimum,
    rel_entr,
    relu,
    sigmoid,
    sign,
    sin,
    softplus,
    sqrt,
    step,
    tanh,
)
from gradproof.notation.information import cross_entropy, entropy, kl, softmax
from gradproof.notation.matrices import det, inverse, positive_definite, symmetric
from gradproof.notation.names import (
    array,
    define,
    distribution,
    function,
    index,
    indices,
    infinity,
    labels,
    let,
    matrix,
    pi,
    scalar,
    scalars,
    size,
    vector,
)
from gradproof.notation.terms import D, E, Limit, Product, Sum, argsort, delta, rank, root

__all__ = [
    "BINARY",
    "Bernoulli",
    "COUNTS",
    "D",
    "E",
    "Eq",
    "Exponential",
    "ForAll",
    "Fraction",
    "Gaussian",
    "Gumbel",
    "Iff",
    "Interval",
    "Laplace",
    "Limit",
    "NATURAL",
    "NEGATIVE",
    "NONNEGATIVE",
    "Ne",
    "POSITIVE",
    "Poisson",
    "Product",
    "REAL",
    "Sum",
    "UNIT",
    "Uniform",
    "absolute",
    "argmax",
    "argmin",
    "argsort",
    "array",
    "at_most",
    "before",
    "clip",
    "cos",
    "cross_entropy",
    "define",
    "delta",
    "det",
    "density",
    "distribution",
    "entropy",
    "exp",
    "function",
    "given",
    "index",
    "indices",
    "infinity",
    "inverse",
    "kl",
    "labels",
    "let",
    "lgamma",
    "log",
    "matrix",
    "maximum",
    "minimum",
    "pi",
    "positive_definite",
    "rank",
    "rel_entr",
    "relu",
    "root",
    "scalar",
    "scalars",
    "sigmoid",
    "sign",
    "sin",
    "size",
    "softmax",
    "softplus",
    "sqrt",
    "step",
    "sums_to_one",
    "symmetric",
    "tanh",
    "vector",
]
