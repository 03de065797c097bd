"""Terms as LaTeX and text: textbook form, brackets where they are needed, letters that do not clash, one-to-one."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import pytest

from gradproof import expression as x
from gradproof.expression import Expr, Number, coerce, power
from gradproof.notation import (
    D,
    Eq,
    ForAll,
    Iff,
    Limit,
    Ne,
    Product,
    Sum,
    absolute,
    argmax,
    argmin,
    define,
    delta,
    distribution,
    exp,
    index,
    indices,
    infinity,
    let,
    log,
    matrix,
    pi,
    relu,
    scalars,
    sigmoid,
    sign,
    sin,
    size,
    softplus,
    sqrt,
    step,
    tanh,
    vector,
)
from gradproof.render import formula_latex, formula_text

K, N = size("K"), size("N")
i, j, k, t = indices("i j k t", K)
n = index("n", N)
a, b, h, theta, tau, sigma, mu = scalars("a b h theta tau sigma mu")
z, y, P, Q = vector("z", K), vector("y", K), distribution("P", K), distribution("Q", K)
Z = matrix("z", N, K)
S = let("S", Sum(exp(z[j]), j))
p = define("p", i, exp(z[i]) / S)
L = let("L", -Sum(y[i] * log(p[i]), i))
third = Number.of(Fraction(1, 3))

TEXTBOOK = [
    (exp(z[i]) / Sum(exp(z[j]), j), r"\frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}", "e^{z_i} / (sum_j e^{z_j})"),
    (p[k] - y[k], "p_k - y_k", "p_k - y_k"),
    (-y[k] + p[k], "-y_k + p_k", "-y_k + p_k"),
    (-Sum(y[i] * log(p[i]), i), r"-\sum_{i=1}^{K} y_i \log p_i", "-sum_i y_i log p_i"),
    (D(L, z[k]), r"\frac{\partial \mathcal{L}}{\partial z_k}", "dL/dz_k"),
    (D(log(p[i]), z[k]), r"\frac{\partial}{\partial z_k} \log p_i", "d(log p_i)/dz_k"),
    (D(a + h, h), r"\frac{\partial}{\partial h} (a + h)", "d(a + h)/dh"),
    (D(sigmoid(a), a), r"\frac{d}{da} \sigma(a)", "d(sigma(a))/da"),
    (D(h, theta, theta), r"\frac{\partial^2 h}{\partial \theta^2}", "d^2 h/dtheta^2"),
    (D(L, z[i], z[k]), r"\frac{\partial^2 \mathcal{L}}{\partial z_k \, \partial z_i}", "d^2 L/(dz_k dz_i)"),
    (p[i] * (delta(i, k) - p[k]), r"p_i (\delta_{ik} - p_k)", "p_i (delta_ik - p_k)"),
    (P[i] * log(P[i] / Q[i]), r"P_i \log \frac{P_i}{Q_i}", "P_i log(P_i / Q_i)"),
    (log(Sum(exp(z[j]), j)) - z[t], r"\log \sum_{j=1}^{K} e^{z_j} - z_t", "log sum_j e^{z_j} - z_t"),
    (
        (1 / N) * Sum(Sum(Z[n, i] * log(Z[n, i]), i), n),
        r"\frac{1}{N} \sum_{n=1}^{N} \sum_{i=1}^{K} z_{ni} \log z_{ni}",
        "(1/N) sum_n sum_i z_ni log z_ni",
    ),
    (exp(-((a - mu) ** 2) / (2 * sigma**2)), r"e^{-(a - \mu)^2/(2 \sigma^2)}", "e^{-(a - mu)^2/(2 sigma^2)}"),
    (Product(p[i] ** y[i], i), r"\prod_{i=1}^{K} p_i^{y_i}", "prod_i p_i^{y_i}"),
    (Limit(exp(-a / tau), tau, 0, "+"), r"\lim_{\tau \to 0^+} e^{-a/\tau}", "lim_{tau -> 0+} e^{-a/tau}"),
    (Limit(1 / tau, tau, infinity), r"\lim_{\tau \to \infty} \frac{1}{\tau}", "lim_{tau -> oo} 1/tau"),
    (
        argmax(a**h * (1 - a) ** b, a, h / (h + b)),
        r"\operatorname*{arg\,max}_{a} a^h (1 - a)^b = \frac{h}{h + b}",
        "argmax_a a^h (1 - a)^b = h / (h + b)",
    ),
    (
        argmin(Sum(Q[i], i), Q[i], P[i]),
        r"\operatorname*{arg\,min}_{Q} \sum_{i=1}^{K} Q_i = P",
        "argmin_Q sum_i Q_i = P",
    ),
    (
        argmin(Sum(Q[i], i), Q[i], P[i] / 2),
        r"\operatorname*{arg\,min}_{Q} \sum_{i=1}^{K} Q_i = \left(\frac{P_i}{2}\right)_{i=1}^{K}",
        "argmin_Q sum_i Q_i = (P_i / 2)_{i=1..K}",
    ),
    (
        Iff(Eq(L, 0), ForAll(Eq(P[i], Q[i]), i)),
        r"\mathcal{L} = 0 \iff P_i = Q_i \quad \text{for all } i",
        "L = 0 <=> P_i = Q_i for all i",
    ),
    (Ne(a, b), r"a \ne b", "a != b"),
    (a <= b, r"a \le b", "a <= b"),
    (sqrt(2 * pi * sigma**2), r"\sqrt{2 \pi \sigma^2}", "sqrt(2 pi sigma^2)"),
    (softplus(-a), r"\operatorname{softplus}(-a)", "softplus(-a)"),
    (tanh(a), r"\tanh a", "tanh a"),
    (relu(a - b), r"\max(0, a - b)", "max(0, a - b)"),
    (absolute(a - b) ** 2, r"\left|a - b\right|^2", "|a - b|^2"),
    (absolute(absolute(a) * b), r"\left|\left|a\right| b\right|", "abs(|a| b)"),
    (h * step(a - b), r"h \mathbf{1}[a - b > 0]", "h [a - b > 0]"),
    (step(a / b), r"\mathbf{1}\left[\frac{a}{b} > 0\right]", "[a / b > 0]"),
    (sign(a) * sin(h), r"\operatorname{sign}(a) \sin h", "sign(a) sin h"),
]


@pytest.mark.parametrize(("term", "latex", "text"), TEXTBOOK)
def test_textbook_form(term: Expr, latex: str, text: str) -> None:
    assert formula_latex(term) == latex
    assert formula_text(term) == text


BRACKETS = [
    (Sum(z[i], i) * a, r"\left(\sum_{i=1}^{K} z_i\right) a"),
    (a * Sum(z[i], i), r"a \sum_{i=1}^{K} z_i"),
    (Sum(z[i] + a, i), r"\sum_{i=1}^{K} (z_i + a)"),
    (Sum(z[i], i) + a, r"\sum_{i=1}^{K} z_i + a"),
    (Sum(-z[i], i), r"\sum_{i=1}^{K} (-z_i)"),
    (log(a) * b, r"(\log a) b"),
    (log(a) ** 2, r"(\log a)^2"),
    (log(a**2), r"\log(a^2)"),
    (log(1 - a), r"\log(1 - a)"),
    (D(a * b, a) * b, r"\left(\frac{\partial}{\partial a} (a b)\right) b"),
    (D(L, z[k]) ** 2, r"\left(\frac{\partial \mathcal{L}}{\partial z_k}\right)^2"),
    (a - (b + h), "a - (b + h)"),
    (-(a + b), "-(a + b)"),
    ((-a) ** 2, "(-a)^2"),
    (coerce(-1) ** h, "(-1)^h"),
    (3 * power(coerce(2), a), r"3 \cdot 2^a"),
    (sigma * (a + 1), r"\sigma \cdot (a + 1)"),
    (sigmoid(a + 1), r"\sigma(a + 1)"),
    ((a**2) ** -1, "(a^2)^{-1}"),
    (a**-2, r"\frac{1}{a^2}"),
    ((a * b) ** -1, "(a b)^{-1}"),
    (power(a, third), "a^{1/3}"),
    (exp(a) ** 2, "(e^{a})^2"),
    (Limit(a + b, a, 0), r"\lim_{a \to 0} (a + b)"),
    (ForAll(Iff(Eq(z[i], 0), Eq(y[i], 0)), i), r"\left(z_i = 0 \iff y_i = 0\right) \quad \text{for all } i"),
    (Iff(ForAll(Eq(z[i], 0), i), Eq(a, 0)), r"\left(z_i = 0 \quad \text{for all } i\right) \iff a = 0"),
]


@pytest.mark.parametrize(("term", "latex"), BRACKETS)
def test_brackets_where_a_reader_needs_them(term: Expr, latex: str) -> None:
    assert formula_latex(term) == latex


FRACTIONS = [
    (a / b * h, r"\frac{a}{b} h"),
    (a * h / b, r"\frac{a h}{b}"),
    (1 / b * a, r"\frac{1}{b} a"),
    (-a / (2 * b), r"-\frac{a}{2 b}"),
    (3 * a / 2, r"\frac{3 a}{2}"),
    (a**2 / 2, r"\frac{1}{2} a^2"),
    (coerce(Fraction(-1, 2)), r"-\frac{1}{2}"),
    ((a + b) / (a - b), r"\frac{a + b}{a - b}"),
    (2 * (a + b) / h, r"\frac{2 (a + b)}{h}"),
]


@pytest.mark.parametrize(("term", "latex"), FRACTIONS)
def test_fractions(term: Expr, latex: str) -> None:
    assert formula_latex(term) == latex


# -- letters -----------------------------------------------------------------------------------------------------------


def test_a_bound_letter_never_means_something_else_on_the_line() -> None:
    assert formula_text(Sum(z[k], k) + z[k]) == "sum_l z_l + z_k"
    assert formula_text(Eq(z[k], Sum(z[k], k))) == "z_k = sum_l z_l"
    assert formula_text(Sum(z[k] * Sum(z[k], k), k)) == "sum_k z_k sum_l z_l"
    assert formula_text(Sum(z[i], i), avoid={"i"}) == "sum_j z_j"
    assert formula_text(Sum(z[h_index()], h_index()) * h) == "(sum_i z_i) h"


def h_index() -> x.Index:
    return index("h", K)


def test_neighbouring_sums_may_share_a_letter() -> None:
    assert formula_text(Sum(z[i], i) + Sum(y[i], i)) == "sum_i z_i + sum_i y_i"


def test_the_range_of_a_sum_is_said_in_text_where_no_name_shows_it() -> None:
    assert formula_text(Sum(1, j)) == "sum_{j=1}^K 1"
    assert formula_text(ForAll(Eq(a, 0), j)) == "a = 0 for all j = 1..K"


def test_a_term_of_an_unknown_kind_is_refused() -> None:
    class Strange(Expr):
        __slots__ = ()

    with pytest.raises(TypeError, match="Strange"):
        formula_latex(Strange())


# -- one-to-one --------------------------------------------------------------------------------------------------------


def grown(pool: Iterable[Expr], others: Iterable[Expr]) -> set[Expr]:
    """Everything one step above the terms of `pool`."""
    found: set[Expr] = set()
    for e in pool:
        found |= {exp(e), log(e), sigmoid(e), sqrt(e), e**2, e**-1, e**-2, -e, 2 * e, e / 2, power(e, third), e**-b}
        found |= {absolute(e), relu(e), step(e), sign(e), sin(e)}
        found |= {power(coerce(2), e), D(e, a), D(e, z[k]), Sum(e, i), Sum(e, k), Product(e, i), Limit(e, a, 0)}
        for f in others:
            found |= {e + f, f + e, e - f, f - e, e * f, f * e, e / f, f / e, e**f}
    return found


@pytest.mark.parametrize("write", [formula_latex, formula_text])
def test_different_terms_print_differently(write: object) -> None:
    atoms = [a, z[i], z[k], p[i], sigma, coerce(3), delta(i, k)]
    first = grown(atoms, atoms)
    terms = {*atoms, *first, *grown(first, [a, z[i]])}
    assert len(terms) > 8000
    printed = {write(e): e for e in sorted(terms, key=lambda e: e.key)}  # type: ignore[operator]
    assert len(printed) == len(terms)
