"""Sums over the indices on one side of another: how they are printed, and that they are read back."""

from __future__ import annotations

import pytest

from gradproof.expression import Expr, mul
from gradproof.notation import Sum, at_most, before, exp, indices, matrix, size, step, vector
from gradproof.reader import environment_of, read
from gradproof.render import formula_latex
from gradproof.render.formulas import text

K, T = size("K"), size("T")
i, j, k = indices("i j k", K)
t, u = indices("t u", T)
z, w, A = vector("z", K), vector("w", T), matrix("A", K, T)

WRITTEN: tuple[tuple[Expr, str, str], ...] = (
    (Sum(at_most(j, i) * z[j], j), r"\sum_{j=1}^{i} z_j", "sum_{j=1}^i z_j"),
    (Sum(at_most(i, j) * z[j], j), r"\sum_{j=i}^{K} z_j", "sum_{j=i}^K z_j"),
    (Sum(before(j, i) * z[j], j), r"\sum_{j < i} z_j", "sum_{j < i} z_j"),
    (Sum(before(i, j) * z[j], j), r"\sum_{j > i} z_j", "sum_{j > i} z_j"),
    (Sum(2 * at_most(j, i) * z[j], j), r"\sum_{j=1}^{i} 2 z_j", "sum_{j=1}^i 2 z_j"),
    (Sum(-(at_most(j, i) * z[j]), j), r"\sum_{j=1}^{i} (-z_j)", "sum_{j=1}^i (-z_j)"),
    (at_most(i, j), r"\mathbf{1}[i \le j]", "[i <= j]"),
    (before(i, j) * z[i], r"\mathbf{1}[i < j] z_i", "[i < j] z_i"),
    # The indicator stays where it is not at the front, where the range would not be clear, or where it says less.
    (Sum(z[j] * at_most(j, i), j), r"\sum_{j=1}^{K} z_j \mathbf{1}[j \le i]", "sum_j z_j [j <= i]"),
    (Sum(at_most(j, i) * z[i], j), r"\sum_{j=1}^{K} \mathbf{1}[j \le i] z_i", "sum_{j=1}^K [j <= i] z_i"),
    (Sum(before(i, j) * z[i], j), r"\sum_{j=1}^{K} \mathbf{1}[i < j] z_i", "sum_{j=1}^K [i < j] z_i"),
    (Sum(at_most(j, t) * z[j], j), r"\sum_{j=1}^{K} \mathbf{1}[j \le t] z_j", "sum_j [j <= t] z_j"),
    (Sum(step(1 + i - j) * z[j], j), r"\sum_{j=1}^{K} \mathbf{1}[1 + i - j > 0] z_j", "sum_j [1 + i - j > 0] z_j"),
    (Sum(step(z[j] - z[i]) * z[j], j), r"\sum_{j=1}^{K} \mathbf{1}[z_j - z_i > 0] z_j", "sum_j [z_j - z_i > 0] z_j"),
    (
        Sum(at_most(j, i) * Sum(at_most(k, j) * exp(z[k]), k), j),
        r"\sum_{j=1}^{K} \mathbf{1}[j \le i] \sum_{k=1}^{j} e^{z_k}", "sum_{j=1}^K [j <= i] sum_{k=1}^j e^{z_k}",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("term", "latex", "plain"), WRITTEN, ids=lambda e: e if isinstance(e, str) else "")
def test_written(term: Expr, latex: str, plain: str) -> None:
    assert formula_latex(term) == latex
    assert text(term) == plain


@pytest.mark.parametrize("term", [row[0] for row in WRITTEN], ids=[row[2] for row in WRITTEN])
def test_read_back(term: Expr) -> None:
    assert read(formula_latex(term), environment_of(term)) == term


def test_two_terms_are_never_written_alike() -> None:
    orders = [at_most(j, i), at_most(i, j), before(j, i), before(i, j), step(1 + i - j), step(i - j + 2), step(j)]
    terms = [Sum(body, j) for o in orders for body in (mul(o, z[j]), mul(z[j], o), mul(o, z[i]), o)]
    for write in (formula_latex, text):
        assert len({write(e) for e in terms}) == len(terms)
