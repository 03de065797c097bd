"""Softmax and the quantities of information theory, in nats.

Contract. Each is a term or a definition in the words of the other parts: sums, logarithms, exponentials.

Blind spot. The logarithms want positive probabilities: `rel_entr` is the word for terms with 0 log 0 = 0.
"""

from __future__ import annotations

from gradproof import expression as x
from gradproof.expression import Array, Definition, Expr, Index, Scalar, coerce
from gradproof.notation.functions import exp, log
from gradproof.notation.names import define, index
from gradproof.notation.terms import Sum


def softmax(z: Array | Definition, *letters: Index, name: str = "p", total: str = "S", tau: Scalar = 1) -> Definition:
    """p[.., i] = exp(z[.., i] / tau) / S[..] with S[..] = sum_j exp(z[.., j] / tau), over the last index of `z`."""
    *front, i = letters or tuple(index(c, n) for c, n in zip("nmi"[-len(z.shape) :], z.shape, strict=True))
    j = index(x.fresh_letter("j", {a.name for a in (*front, i)}), i.size)
    below = define(total, *front, Sum(exp(z[(*front, j)] / coerce(tau)), j))
    return define(name, *front, i, exp(z[(*front, i)] / coerce(tau)) / below[tuple(front)])


def entropy(p: Array | Definition, i: Index) -> Expr:
    """H(p) = -sum_i p_i log p_i, in nats."""
    return -Sum(p[i] * log(p[i]), i)


def cross_entropy(p: Array | Definition, q: Array | Definition, i: Index) -> Expr:
    """H(p, q) = -sum_i p_i log q_i, in nats."""
    return -Sum(p[i] * log(q[i]), i)


def kl(p: Array | Definition, q: Array | Definition, i: Index) -> Expr:
    """KL(p || q) = sum_i p_i log(p_i / q_i), in nats."""
    return Sum(p[i] * log(p[i] / q[i]), i)
