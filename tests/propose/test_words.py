"""What a page says and in which order: reasons said once, ideas named, stated lemmas used, no line too wide."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gradproof.api import prove
from gradproof.document.reasons import merged
from gradproof.entries import catalogue
from gradproof.expression import Relation
from gradproof.notation import (
    POSITIVE,
    D,
    Eq,
    Ne,
    Sum,
    define,
    delta,
    distribution,
    given,
    indices,
    kl,
    let,
    log,
    scalar,
    sigmoid,
    size,
    softmax,
    sums_to_one,
    vector,
)
from gradproof.proof import Proof
from gradproof.statement import Statement

K = size("K")
i, j, k = indices("i j k", K)
t = indices("t", K)[0]
z, old = vector("z", K), distribution("old", K)
a, b = scalar("a"), scalar("b")
p = softmax(z, i)


def page(*claims: Relation, givens: tuple[object, ...] = (), **more: object) -> str:
    return prove(Statement(claims, givens, title="Test", **more)).text()  # type: ignore[arg-type]


def test_reasons_of_one_kind_are_said_together() -> None:
    assert merged([("by Lemma 2",), ("by Lemma 10",), ("by Lemma 1",)]) == (("by Lemmas 1, 2 and 10",),)
    assert merged([("by (2)",), ("by (1)",)]) == (("by (1) and (2)",),)
    found = merged([("chain rule for log, ", b > 0), ("chain rule for log, ", a > 0)])
    assert found == (("chain rule for log, ", a > 0, " and ", b > 0),)
    assert merged([("only ", Eq(i, k), " survives"), ("only ", Eq(j, k), " survives")])[0][-1] == " survive"
    assert merged([("lemma",), ("since ", a > 0)]) == (("lemma",), ("since ", a > 0))
    assert merged([("definition of ", a)]) == (("definition of ", a),)


def test_the_logarithm_of_a_quotient_opens_before_it_is_differentiated() -> None:
    said = page(Eq(D(kl(old, p, i), z[k]), p[k] - old[k]), givens=(sums_to_one(old, i),))
    assert "-sum_i old_i d(log p_i)/dz_k" in said
    assert "log of a quotient" in said
    assert "^{-1}" not in said


def test_a_quotient_of_unknown_sign_is_not_opened() -> None:
    v = let("v", a / b)
    said = page(Eq(D(log(v), a), 1 / a), givens=(given(v > 0), given(Ne(a, 0)), given(Ne(b, 0))))
    assert "log a - log b" not in said


def test_the_reflection_of_sigma_is_named() -> None:
    said = page(Eq(D(-log(sigmoid(a - b)), a), -sigmoid(b - a)))
    assert "1 - sigma(x) = sigma(-x)" in said
    assert "1 - sigma(x)" not in page(Eq(D(sigmoid(a), a), sigmoid(a) * (1 - sigmoid(a))))


def test_stated_lemmas_are_used_by_name() -> None:
    mean = let("m", Sum(p[i] * old[i], i))
    lemma = Eq(D(mean, z[k]), p[k] * (old[k] - mean))
    said = page(Eq(D(3 * mean, z[k]), 3 * p[k] * (old[k] - mean)), lemmas=(lemma,))
    assert said.count("definition of m") == said[: said.index("Proof")].count("definition of m") > 0
    assert "by Lemma 2" in said[said.index("Proof") :]


def test_a_lemma_about_one_index_does_not_serve_another() -> None:
    """dL_1/dz_k is stated, dL_t/dz_k is asked: the lemma may not be used, and nothing false comes out."""
    L = define("L", t, -log(p[t]))
    said = page(Eq(D(L[t], z[k]), p[k] - delta(k, t)), lemmas=(Eq(D(L[1], z[k]), p[k] - delta(k, 1)),))
    assert "proved for every K >= 1" in said


def test_the_status_names_the_sizes_that_are_given() -> None:
    x = scalar("x", POSITIVE)
    said = page(Eq(D(x * (K - 1), x), K - 1), Eq(Sum(z[i], i) - Sum(z[j], j), 0), givens=(given(K > 1),))
    assert "proved for every K > 1;" in said


@pytest.mark.parametrize("number", ["E07", "E16", "F19", "F34", "G12", "D09"])
@pytest.mark.parametrize("detail", ["normal", "full"])
def test_no_line_is_wider_than_the_page(number: str, detail: str, prove: Callable[[str], Proof]) -> None:
    assert number in catalogue()
    assert [line for line in prove(number).text(detail=detail).splitlines() if len(line) > 100] == []
