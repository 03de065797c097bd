"""The reading rules: habits of sums, functions, names, calls, indices; each formula against the term it means."""

from __future__ import annotations

import pytest

from gradproof import expression as x
from gradproof.expression import Expr, Number
from gradproof.notation import (
    D,
    Eq,
    ForAll,
    Iff,
    Limit,
    Product,
    Sum,
    absolute,
    argmax,
    delta,
    exp,
    index,
    indices,
    log,
    matrix,
    pi,
    relu,
    scalar,
    scalars,
    sigmoid,
    size,
    softplus,
    sqrt,
    step,
    tanh,
    vector,
)
from gradproof.reader import Environment, read

K, N, D_ = size("K"), size("N"), size("D")
i, j, k, t = indices("i j k t", K)
n = index("n", N)
p, y, z, v = vector("p", K), vector("y", K), vector("z", K), vector("v", N)
T_ = index("t", size("T"))
W, A = matrix("W", K, K), matrix("A", N, K)
a, b, c, d, e, s, tau, theta, lam = scalars("a b c d e s tau theta lambda")
sigma, q, w, mu = scalars("sigma q w mu")

KNOWN = (
    Environment()
    .size("K")
    .array("p", "K")
    .array("y", "K")
    .array("z", "K")
    .array("v", "N")
    .array("W", "K", "K")
    .array("A", "N", "K")
)

SUMS = [
    (r"\sum_i z_i", Sum(z[i], i)),
    (r"\sum_{i} z_i", Sum(z[i], i)),
    (r"\sum_{i=1}^K z_i", Sum(z[i], i)),
    (r"\sum_{i=1}^{K} z_i", Sum(z[i], i)),
    (r"\sum^{K}_{i=1} z_i", Sum(z[i], i)),
    (r"\sum_i^K z_i", Sum(z[i], i)),
    (r"\sum_{i=1} z_i", Sum(z[i], i)),
    (r"\sum_i^{ } z_i", Sum(z[i], i)),
    (r"\sum\limits_{i=1}^{K} z_i", Sum(z[i], i)),
    (r"\displaystyle\sum_{1 \le i \le K} z_i", Sum(z[i], i)),
    (r"\sum_{i \in \{1, \dots, K\}} z_i", Sum(z[i], i)),
    (r"\sum_{i \in [K]} z_i", Sum(z[i], i)),
    (r"\sum_{x \in \mathcal{X}} p(x) \log p(x)", Sum(p[i] * log(p[i]), i)),
    (r"\sum_{i,j} W_{ij}", Sum(W[i, j], j, i)),
    (r"\sum_{i,j=1}^{K} W_{ij}", Sum(W[i, j], j, i)),
    (r"\sum_{i}\sum_j W_{i,j}", Sum(W[i, j], j, i)),
    (r"\sum_n v_n \sum_i z_i", Sum(v[n] * Sum(z[i], i), n)),
    (r"\sum_{i \neq k} z_i + z_k", Sum((1 - delta(i, k)) * z[i], i) + z[k]),
    (r"\sum_{i=1, i \ne k}^{K} z_i z_k", Sum((1 - delta(i, k)) * z[i] * z[k], i)),
    (r"\sum_{\substack{i=1 \\ i \neq k}}^{K} z_i", Sum((1 - delta(i, k)) * z[i], i)),
    (r"\sum_{j=i}^{K} z_j", Sum(step(j - i + 1) * z[j], j)),
    (r"\sum_{j=i+1}^{K} z_j z_i", Sum(step(j - (i + 1) + 1) * z[j] * z[i], j)),
    (r"\sum_{j > i} z_j z_i + z_i", Sum(step(j - i) * z[j] * z[i], j) + z[i]),
    (r"\sum_{j=2}^{K} z_j", Sum(step(j - 2 + 1) * z[j], j)),
    (r"\sum_{i=1}^{2N} u_i", Sum(vector("u", 2 * N)[index("i", 2 * N)], index("i", 2 * N))),
    (r"\sum_{i=1}^{K} (K - i) z_i", Sum((K - i) * z[i], i)),
    (r"\sum_{i=1}^{K} \sum_{j=1}^{i} W_{ij}", Sum(Sum(step(i - j + 1) * W[i, j], j), i)),
    (r"\prod_{i=1}^{K} p_i^{y_i}", Product(p[i] ** y[i], i)),
    (r"\log \prod_n v_n", log(Product(v[n], n))),
    (r"z_k \prod_{i \ne k} z_i", z[k] * Product(z[i] ** (1 - delta(i, k)), i)),
    (r"-\sum_i y_i \log p_i - 1", -Sum(y[i] * log(p[i]), i) - 1),
    (r"\sum_i -y_i", Sum(-y[i], i)),
    (r"\mathbb{E}_{i \sim p}[z_i]", Sum(p[i] * z[i], i)),
    (r"\mathbb{E}_{i \sim p}\left[\log \frac{p_i}{y_i}\right]", Sum(p[i] * log(p[i] / y[i]), i)),
    (r"\mathbb{E}_{x \sim p}[y(x)]", Sum(p[i] * y[i], i)),
    (r"\mathrm{E}_{i \sim p}[z_i]", Sum(p[i] * z[i], i)),
]

ARITHMETIC = [
    (r"\frac{a}{b} c", a / b * c),
    (r"\tfrac{1}{2} a", a / 2),
    (r"\frac12 a", a / 2),
    (r"a/b", a / b),
    (r"a/b/c", a / b / c),
    (r"a/b \cdot c", a / b * c),
    (r"1/N \sum_n v_n", 1 / N * Sum(v[n], n)),
    (r"a b \cdot c \times 2^a", a * b * c * x.power(Number.of(2), a)),
    (r"2 a^{-1} b^2", 2 * a**-1 * b**2),
    (r"3.5 a", a * Number.of(x.Fraction(7, 2))),
    (r"\sqrt{a + b}", sqrt(a + b)),
    (r"\sqrt[3]{a}", x.power(a, Number.of(x.Fraction(1, 3)))),
    (r"-(a - b)", -(a - b)),
    (r"\left[ a \right] \big( b + c \big)", a * (b + c)),
    (r"a^{b^c}", a ** (b**c)),
    (r"{\sigma}^2", sigma**2),
    (r"\pi a", pi * a),
    (r"2\pi(a + b)", 2 * pi * (a + b)),
    (r"\left| a \right| |b - c|", absolute(a) * absolute(b - c)),
]

FUNCTIONS = [
    (r"\log a", log(a)),
    (r"\ln a", log(a)),
    (r"\log(a) b", log(a) * b),
    (r"\log{a}", log(a)),
    (r"\log\left\{a b\right\}", log(a * b)),
    (r"\log p_k \log y_k", log(p[k]) * log(y[k])),
    (r"\log 2 \pi \sigma^2", log(2 * pi * sigma**2)),
    (r"\log \sigma(a)", log(sigmoid(a))),
    (r"\log \frac{a}{b}", log(a / b)),
    (r"\log \sum_i z_i", log(Sum(z[i], i))),
    (r"\log^2 a", log(a) ** 2),
    (r"(\log a)^2", log(a) ** 2),
    (r"\log_2 a", log(a) / log(Number.of(2))),
    (r"\exp(-a) e^{-b} e^a", exp(-a) * exp(-b) * exp(a)),
    (r"\exp\{a\}", exp(a)),
    (r"\sigma(a)^2", sigmoid(a) ** 2),
    (r"\sigma(z_k)(1 - \sigma(z_k))", sigmoid(z[k]) * (1 - sigmoid(z[k]))),
    (r"\sigma \cdot (a + b)", sigma * (a + b)),
    (r"\sigma^2 (a + b)", sigma**2 * (a + b)),
    (r"\operatorname{softplus}(-a)", softplus(-a)),
    (r"\mathrm{sigmoid}(a)", sigmoid(a)),
    (r"\tanh a", tanh(a)),
    (r"\log \Gamma(a) + \cos a", x.Function((a,), ("lgamma",)) + x.Function((a,), ("cos",))),
    (r"\max(0, a)", relu(a)),
    (r"\max(a, 0)", relu(a)),
    (r"\max\{a, b\}", b + relu(a - b)),
    (r"\min(a, b)", a - relu(a - b)),
    (r"\operatorname{relu}(a)", relu(a)),
    (r"\text{clip}(a, 0, b)", relu(a) - relu(a - b)),
    (r"ln(a) + log(b)", log(a) + log(b)),
]

INDEX_LOGIC = [
    (r"\delta_{ik}", delta(i, k)),
    (r"\delta_{i,k}^2", delta(i, k) ** 2),
    (r"\delta_{1,k}", delta(1, k)),
    (r"\mathbb{1}[i = k]", delta(i, k)),
    (r"\mathbb{1}\{i = k\}", delta(i, k)),
    (r"\mathbb{1}_{i=k}", delta(i, k)),
    (r"\mathbb{1}_{[k \neq{i}]}", 1 - delta(k, i)),
    (r"[i = k]", delta(i, k)),
    (r"\mathbf{1}[a > b]", step(a - b)),
    (r"\mathbb{1}[a > 0]", step(a)),
    (r"\mathbb{1}[a \ge 0]", 1 - step(-a)),
    (r"\sum_i \sum_j \mathbb{1}[j \ge i] W_{ij}", Sum(Sum(step(j - i + 1) * W[i, j], j), i)),
    (r"\begin{cases} a & i = k \\ b & i \neq k \end{cases}", delta(i, k) * a + (1 - delta(i, k)) * b),
    (
        r"\begin{cases} a, & \text{if } a > b \\ b & \text{otherwise.} \end{cases}",
        step(a - b) * a + (1 - step(a - b)) * b,
    ),
    (r"z_k - z_1", z[k] - z[1]),
    (r"z_t + p_w z_l", z[t] + p[index("w", K)] * z[index("l", K)]),
    (r"A_{n2}", A[n, 2]),
    (r"z_{i'} z_i", z[index("i'", K)] * z[i]),
]

NAMES = [
    (r"x_t", scalar("x_t")),
    (r"\lambda_D", scalar("lambda_D")),
    (r"\alpha_0 + \sum_k \alpha_k", scalar("alpha_0") + Sum(vector("alpha", K)[k], k)),
    (r"r_w - r_l", scalar("r_w") - scalar("r_l")),
    (r"\theta_{old}", scalar("theta_old")),
    (r"\theta_{\text{old}}", scalar("theta_old")),
    (r"x_{t-1}", scalar("x_{t-1}")),
    (r"\hat{y} + \hat y", scalar("y_hat") + scalar("y_hat")),
    (r"\hat{y_k}", scalar("y_hat_k")),
    (r"x^{(2)}", scalar("x^{(2)}")),
    (r"\sum_{n=1}^{N} x^{(n)}", Sum(vector("x", N)[n], n)),
    (r"x^* + x' ", scalar("x_star") + scalar("x'")),
    (r"\mathcal{F}", scalar(r"\mathcal{F}")),
    (r"\mathrm{logit}", scalar("logit")),
    (r"\mu_{\mathrm{new}}", scalar("mu_new")),
    (r"\sum_k \pi_k", Sum(vector("pi", K)[k], k)),
    (r"\sum_k \boldsymbol{\theta}_k", Sum(vector("theta", K)[k], k)),
    (r"\sum_k w_{jk}", Sum(vector("w_j", K)[k], k)),
    (r"\theta^{(t)} - \theta_t", scalar(r"\theta^{(t)}") - scalar("theta_t")),
    (r"\sum_{t=1}^{T} \gamma^t r_t", Sum(scalar("gamma") ** T_ * vector("r", size("T"))[T_], T_)),
    (r"\sum_k x_{t,k}", Sum(vector("x_t", K)[k], k)),
]

CALLS = [
    (r"\theta(1 - a)", theta * (1 - a)),
    (r"p_k(1 - p_k)", p[k] * (1 - p[k])),
    (r"z_k (\delta_{ik} - p_k)", z[k] * (delta(i, k) - p[k])),
    (r"p_\theta(y \mid x)", scalar(r"p_{\theta}(y \mid x)")),
    (r"\pi(a|s)", scalar(r"\pi(a \mid s)")),
    (r"\log q(x_t \mid \theta)", log(scalar(r"q(x_t \mid \theta)"))),
    (r"\sum_{n=1}^{N} \log p_\theta(x_n \mid u)", Sum(log(vector(r"p_{\theta}(x \mid u)", N)[n]), n)),
]

PROPOSITIONS = [
    (r"a = b", Eq(a, b)),
    (r"a := b", Eq(a, b)),
    (r"a \leq b", a <= b),
    (r"a \ne b", x.Relation.of(a, "!=", b)),
    (r"a = 0 \iff b = 0", Iff(Eq(a, 0), Eq(b, 0))),
    (r"z_k = y_k \quad \text{for all } k", ForAll(Eq(z[k], y[k]), k)),
    (r"z_k = y_k, \quad \forall k = 1, \dots, K", ForAll(Eq(z[k], y[k]), k)),
    (r"\arg\max_a a (1 - a) = \frac12", argmax(a * (1 - a), a, Number.of(1) / 2)),
    (r"\lim_{\tau \to 0^+} e^{-1/\tau} = 0", Eq(Limit(exp(-1 / tau), tau, 0, "+"), 0)),
    (r"\lim_{\tau \downarrow 0} \tau = 0", Eq(Limit(tau, tau, 0, "+"), 0)),
]

DERIVATIVES = [
    (r"\frac{\partial}{\partial z_k} \log \sum_j e^{z_j}", D(log(Sum(exp(z[j]), j)), z[k])),
    (r"\frac{d}{da} a^2", D(a**2, a)),
    (r"\frac{\mathrm{d}}{\mathrm{d} a} a^2", D(a**2, a)),
    (r"\frac{\partial^2}{\partial a^2} (a^2 b)", D(a**2 * b, a, a)),
    (r"\frac{\partial^2}{\partial a \partial b} (a b)", D(a * b, b, a)),
    (r"\frac{\partial z_i}{\partial z_k}", D(z[i], z[k])),
    (r"\partial_{a} (a b) + 1", D(a * b, a) + 1),
    (r"\partial z_i / \partial z_k", D(z[i], z[k])),
    (r"\frac{d}{d + 1}", d / (d + 1)),
]


@pytest.mark.parametrize(
    ("latex", "term"),
    [*SUMS, *ARITHMETIC, *FUNCTIONS, *INDEX_LOGIC, *NAMES, *CALLS, *PROPOSITIONS, *DERIVATIVES],
)
def test_a_formula_is_read_as_the_term_it_means(latex: str, term: Expr) -> None:
    assert read(latex, KNOWN) == term
