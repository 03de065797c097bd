"""Names on a page: Greek, subscripts that merge with indices, raw LaTeX; and LaTeX turned into plain text."""

from __future__ import annotations

import pytest

from gradproof.notation import define, index, let, matrix, scalar, size, vector
from gradproof.render import formula_latex, formula_text
from gradproof.render.naming import plain

K, N = size("K"), size("N")
k, i = index("k", K), index("i", K)
n = index("n", N)

NAMES = [
    (scalar("tau"), r"\tau", "tau"),
    (scalar("lambda_"), r"\lambda", "lambda"),
    (scalar("eps"), r"\epsilon", "eps"),
    (scalar("z1"), "z_1", "z1"),
    (scalar("x_t"), "x_t", "x_t"),
    (scalar("y_hat"), r"\hat{y}", "y_hat"),
    (scalar("logit"), r"\mathrm{logit}", "logit"),
    (let("L", 1 * scalar("x")), r"\mathcal{L}", "L"),
    (scalar("L"), "L", "L"),
    (vector("z", K)[k], "z_k", "z_k"),
    (vector("z", K)[1], "z_1", "z_1"),
    (matrix("z", N, K)[n, i], "z_{ni}", "z_ni"),
    (matrix("z", N, K)[n, 2], "z_{n,2}", "z_{n,2}"),
    (vector("x_t", K)[i], "x_{t,i}", "x_{t,i}"),
    (vector("pi_ref", K)[i], r"\pi_{\mathrm{ref},i}", "pi_{ref,i}"),
    (vector(r"\pi_{\mathrm{ref}}", K)[i], r"\pi_{\mathrm{ref},i}", "pi_{ref,i}"),
    (vector(r"z^{(2)}", K)[i], "z^{(2)}_i", "z^(2)_i"),
    (define(r"\mathcal{L}", i, vector("z", K)[i])[k], r"\mathcal{L}_k", "L_k"),
    (let("H(P, Q)", 1 * scalar("x")), "H(P, Q)", "H(P, Q)"),
    (scalar("e"), r"\mathit{e}", "e"),
]


@pytest.mark.parametrize(("term", "latex", "text"), NAMES)
def test_names(term: object, latex: str, text: str) -> None:
    assert formula_latex(term) == latex  # type: ignore[arg-type]
    assert formula_text(term) == text  # type: ignore[arg-type]


def test_a_name_with_a_superscript_is_bracketed_under_a_power() -> None:
    assert formula_latex(vector("z^{(2)}", K)[i] ** 2) == "(z^{(2)}_i)^2"
    assert formula_latex(scalar("z_star") ** 2) == "(z^*)^2"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\delta_{ik}", "delta_ik"),
        (r"\sum_i y_i = 1", "sum_i y_i = 1"),
        (r"\frac{1}{x}", "1/x"),
        (r"\frac{a + b}{x_{ni}}", "(a + b)/x_ni"),
        (r"\partial S / \partial z_k", "dS/dz_k"),
        (r"i \ne k", "i != k"),
        (r"\mathrm{KL}(P \,\|\, Q) \ge 0", "KL(P || Q) >= 0"),
        (r"\hat{\theta} \to \infty", "theta_hat -> oo"),
        (r"y \text{ is one-hot at } t", "y is one-hot at t"),
    ],
)
def test_latex_in_words_becomes_plain_text(latex: str, text: str) -> None:
    assert plain(latex) == text
