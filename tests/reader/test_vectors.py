"""Vectors and matrices without indices become sums over indices; a claim about them holds for every entry."""

from __future__ import annotations

import pytest

from gradproof import expression as x
from gradproof.expression import Expr
from gradproof.notation import (
    D,
    Eq,
    Sum,
    absolute,
    cross_entropy,
    delta,
    entropy,
    exp,
    index,
    indices,
    kl,
    log,
    matrix,
    scalar,
    sigmoid,
    size,
    sqrt,
    vector,
)
from gradproof.reader import Environment, read, read_many

K, N, M = size("K"), size("N"), size("D")
i, j, k = indices("i j k", K)
n, m, kn = index("n", N), index("m", N), index("k", N)
d, kd, id_ = index("d", M), index("k", M), index("i", M)
p, q, z = vector("p", K), vector("q", K), vector("z", K)
w, u, X, r, b = vector("w", M), vector("u", M), matrix("X", N, M), vector("r", N), scalar("b")

KNOWN = (
    Environment()
    .array("p", "K")
    .array("q", "K")
    .array("z", "K")
    .array("w", "D")
    .array("u", "D")
    .array("X", "N", "D")
    .array("r", "N")
)
soft = exp(z[k]) / Sum(exp(z[j]), j)

FORMULAS = [
    (r"\mathbf{w}^\top \mathbf{u} + b", Sum(w[d] * u[d], d) + b),
    (r"w^T u", Sum(w[d] * u[d], d)),
    (r"\mathbf{w}^{\mathrm{T}} \mathbf{u}", Sum(w[d] * u[d], d)),
    (r"w \cdot u", Sum(w[d] * u[d], d)),
    (r"w \odot u", w[kd] * u[kd]),
    (r"2 w - u/b", 2 * w[kd] - u[kd] / b),
    (r"X w", Sum(X[kn, d] * w[d], d)),
    (r"(X w)_n - r_n", Sum(X[n, d] * w[d], d) - r[n]),
    (r"X^\top r", Sum(X[n, kd] * r[n], n)),
    (r"\frac{1}{N} X^\top (X w - r)", Sum(1 / N * X[n, kd] * (Sum(X[n, d] * w[d], d) - r[n]), n)),
    (r"r^\top X w", Sum(Sum(r[n] * X[n, d], n) * w[d], d)),
    (r"p q^\top", p[k] * q[i]),
    (r"\mathrm{diag}(p) - p p^\top", delta(k, i) * p[k] - p[k] * p[i]),
    (r"\|w\|^2", Sum(w[d] ** 2, d)),
    (r"\lVert w - u \rVert_2", sqrt(Sum((w[d] - u[d]) ** 2, d))),
    (r"\|w\|_1", Sum(absolute(w[d]), d)),
    (r"\mathbf{1}^\top p", Sum(p[i], i)),
    (r"X \mathbf{1}", Sum(X[kn, d], d)),
    (r"\mathrm{softmax}(z)_k", soft),
    (r"\operatorname{softmax}(\mathbf{z})", soft),
    (r"q^\top \log p", Sum(q[i] * log(p[i]), i)),
    (r"\sigma(X w)", sigmoid(Sum(X[kn, d] * w[d], d))),
    (r"\mathrm{LSE}(z)", log(Sum(exp(z[j]), j))),
    (r"H(p)", entropy(p, i)),
    (r"H(p, q)", cross_entropy(p, q, i)),
    (r"\mathrm{KL}(p \,\|\, q)", kl(p, q, i)),
    (r"D_{\mathrm{KL}}(p \| q)", kl(p, q, i)),
    (r"D_{KL}(p || q)", kl(p, q, i)),
    (r"\operatorname{KL}(p \parallel q)", kl(p, q, i)),
    (r"KL(p \Vert q)", kl(p, q, i)),
    (r"-\mathbb{E}_p[\log q]", -Sum(p[i] * log(q[i]), i)),
    (r"\nabla_z \mathrm{LSE}(z)", D(log(Sum(exp(z[j]), j)), z[k])),
    (r"\left(\nabla_{\mathbf{z}} \mathrm{LSE}(z)\right)_i", D(log(Sum(exp(z[j]), j)), z[i])),
    (r"\nabla_z^2 \mathrm{LSE}(z)", D(log(Sum(exp(z[j]), j)), z[k], z[i])),
    (r"\frac{\partial}{\partial w} w^\top u", D(Sum(w[d] * u[d], d), w[kd])),
    (r"\frac{\partial z}{\partial z}", D(z[k], z[i])),
    (r"w - u = 0", Eq(w[kd] - u[kd], 0)),
]


@pytest.mark.parametrize(("latex", "term"), FORMULAS)
def test_vectors_are_read_into_indexed_form(latex: str, term: Expr) -> None:
    assert read(latex, KNOWN) == term


def test_a_gradient_of_vectors_is_a_claim_for_every_entry() -> None:
    found = read_many(
        claims=[r"\nabla_{\mathbf{z}} \mathcal{L} = \mathbf{p} - \mathbf{y}"],
        lets=[r"p_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}", r"\mathcal{L} = -\sum_i y_i \log p_i"],
    )
    softmax, loss = found.definitions
    y = vector("y", K)
    assert found.claims[0][0].relation == Eq(D(loss[()], z[k]), softmax[k] - y[k])


def test_shapes_are_inferred_through_products() -> None:
    found = read_many(
        claims=[r"\nabla_{\mathbf{w}} L = \mathbf{X}^\top(\mathbf{p} - \mathbf{y})"],
        lets=[
            r"\mathbf{p} = \sigma(\mathbf{X}\mathbf{w})",
            r"L = -\sum_n \left(y_n \log p_n + (1 - y_n) \log(1 - p_n)\right)",
        ],
        givens=[r"\mathbf{X} \in \mathbb{R}^{N \times D}", r"\mathbf{w} \in \mathbb{R}^D"],
    )
    prediction, loss = found.definitions
    y = vector("y", N)
    assert prediction.unfold((n,)) == sigmoid(Sum(X[n, d] * w[d], d))
    claim = Eq(D(loss[()], w[kd]), Sum(X[n, kd] * (prediction[n] - y[n]), n))
    assert found.claims[0][0].relation == claim


def test_rows_of_a_matrix_may_stand_in_bold() -> None:
    e = Environment().array("w", "K", "D").array(r"\phi", "N", "D")
    W, phi = matrix("w", K, M), matrix("phi", N, M)
    read_as = read(r"\sum_n \sum_k \mathbf{w}_k^\top \boldsymbol{\phi}_n", e)
    assert read_as == Sum(Sum(Sum(W[k, d] * phi[n, d], d), k), n)


def test_an_optimum_over_a_whole_array() -> None:
    claim = read(r"\arg\min_{q} H(p, q) = p", KNOWN)
    assert claim == x.Optimum((cross_entropy(p, q, i), x.Vector.over(i, p[i])), ("min", q))
