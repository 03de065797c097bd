"""Claims that papers, issues and blogs got wrong, as a reviewer types them: each refuted at a point, most corrected.

The numbers are those of the catalogue's list of false claims.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from gradproof.claims.request import Checked, Formulas, check
from gradproof.claims.verdict import REFUTED

SOFTMAX = r"p_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}"
POLICY = r"\pi_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}"
CROSS_ENTROPY = r"\mathcal{L} = -\sum_{i=1}^{K} y_i \log p_i"
KL_TO_REFERENCE = r"\frac{\partial}{\partial z_k} \sum_{i=1}^{K} \pi_i \log \frac{\pi_i}{q_i}"
REFERENCE = (r"0 < q_i", r"\sum_{i=1}^{K} q_i = 1")


@dataclass(frozen=True)
class Case:
    number: str
    claim: str
    lets: tuple[str, ...] = ()
    givens: tuple[str, ...] = ()
    suggestion: str = ""  # the right side that is offered instead


CASES = (
    Case(  # the sum of the labels is forgotten
        "N01",
        r"\frac{\partial \mathcal{L}}{\partial z_k} = p_k - y_k",
        (SOFTMAX, CROSS_ENTROPY),
        suggestion=r"p_k \sum_{j=1}^{K} y_j - y_k",
    ),
    Case(  # -x where -max(-x, 0) belongs
        "N05",
        r"\operatorname{softplus}(-x) = \max(-x, 0) + \log(e^{-x} + e^{-x - \max(-x, 0)})",
        suggestion=r"\max(0, -x) + \log(e^{-\max(0, -x)} + e^{-x - \max(0, -x)})",
    ),
    Case(  # the sign inside sigma
        "N08",
        r"\frac{\partial \mathcal{L}}{\partial \theta} = -\beta \sigma(\hat r_w - \hat r_l) (w - l)",
        (
            r"\hat r_w = \beta (\theta w - a)",
            r"\hat r_l = \beta (\theta l - b)",
            r"\mathcal{L} = -\log \sigma(\hat r_w - \hat r_l)",
        ),
        (r"\beta > 0",),
        suggestion=r"-\beta \sigma(\hat{r}_l - \hat{r}_w) (w - l)",
    ),
    Case(  # the odds ratio term has a minus
        "N09",
        r"\mathcal{L} = -s_w + \lambda \log \sigma(\Delta)",
        (r"\mathcal{L} = -s_w - \lambda \log \sigma(\Delta)",),
        suggestion=r"-s_w - \lambda \log(\sigma(\Delta))",
    ),
    Case(  # k2 is biased
        "N10",
        r"\sum_i q_i \frac{1}{2} \left(\log \frac{p_i}{q_i}\right)^2 = \sum_i q_i \log \frac{q_i}{p_i}",
        (),
        (r"0 < p_i", r"\sum_{i=1}^{K} p_i = 1", *REFERENCE),
    ),
    Case(  # the gradient of k3 is that of the forward divergence
        "N11",
        rf"\sum_{{i=1}}^{{K}} \pi_i \frac{{\partial}}{{\partial z_k}} (e^{{r_i}} - 1 - r_i) = {KL_TO_REFERENCE}",
        (POLICY, r"r_i = \log q_i - \log \pi_i"),
        REFERENCE,
        suggestion=r"\pi_k \left(\sum_{j=1}^{K} \pi_j e^{r_j} - e^{r_k}\right)",
    ),
    Case(  # k1 as a loss has no gradient at all
        "N12",
        rf"\sum_{{i=1}}^{{K}} \pi_i \frac{{\partial \log (\pi_i / q_i)}}{{\partial z_k}} = {KL_TO_REFERENCE}",
        (POLICY,),
        REFERENCE,
        suggestion="0",
    ),
    Case(  # the mean of means
        "N17",
        r"\frac{1}{B} \sum_{b=1}^{B} \frac{s_b}{n_b} = \frac{\sum_{b=1}^{B} s_b}{\sum_{b=1}^{B} n_b}",
        (),
        (r"n_b > 0",),
    ),
    Case(  # PyTorch divides by the sum of the weights
        "N18",
        r"\mathcal{L} = \frac{1}{N} \sum_{n=1}^{N} w_n \ell_n",
        (r"\mathcal{L} = \frac{\sum_{n=1}^{N} w_n \ell_n}{\sum_{n=1}^{N} w_n}",),
        (r"w_n > 0",),
        suggestion=r"\frac{1}{\sum_{j=1}^{N} w_j} \sum_{n=1}^{N} w_n \ell_n",
    ),
    Case(  # the temperature of the chain rule
        "N19",
        r"\frac{\partial \mathcal{L}}{\partial z_k} = q_k - p_k",
        (
            r"q_i = \frac{e^{z_i/T}}{\sum_{j=1}^{K} e^{z_j/T}}",
            r"\mathcal{L} = \sum_{i=1}^{K} p_i \log \frac{p_i}{q_i}",
        ),
        (r"T > 0", r"0 < p_i", r"\sum_{i=1}^{K} p_i = 1"),
        suggestion=r"\frac{q_k - p_k}{T}",
    ),
    Case("N22", r"\frac{e^{2.1/3}}{e^{2.1/3} + e^{1/3} + e^{-0.5/3}} = 0.43"),
    Case(  # the power of r
        "N26",
        r"\frac{\partial \mathcal{L}}{\partial x_i} = r \left( h_i - x_i r \frac{1}{D} \sum_{j=1}^{D} h_j x_j \right)",
        (
            r"r = \left( \frac{1}{D} \sum_{j=1}^{D} x_j^2 + \epsilon \right)^{-1/2}",
            r"\mathcal{L} = \sum_{j=1}^{D} h_j x_j r",
        ),
        (r"\epsilon > 0",),
        suggestion=r"r \left(h_i - \frac{x_i r^2}{D} \sum_{j=1}^{D} h_j x_j\right)",
    ),
    Case(  # the row sum of softmax backward
        "N27",
        r"\frac{\partial \mathcal{L}}{\partial z_k} = p_k g_k",
        (SOFTMAX, r"\mathcal{L} = \sum_{i=1}^{K} g_i p_i"),
        suggestion=r"p_k \left(g_k - \sum_{j=1}^{K} p_j g_j\right)",
    ),
    Case(  # an index captured by the sum
        "N28",
        r"\frac{\partial}{\partial z_k} \sum_{j=1}^{K} x_j z_j = \sum_{j=1}^{K} x_j",
        suggestion="x_k",
    ),
)


CORRECTED = [c for c in CASES if c.suggestion]
FAR = [c for c in CASES if not c.suggestion]


def decided(case: Case) -> Checked:
    (found,) = check(Formulas(claims=(case.claim,), lets=case.lets, givens=case.givens))
    return found


def test_all_of_them_are_here_and_most_are_corrected() -> None:
    assert len({c.number for c in CASES}) == len(CASES) == 14
    assert len(CORRECTED) == 11


@pytest.mark.parametrize("case", CASES, ids=[c.number for c in CASES])
def test_a_false_claim_is_refuted_with_the_smallest_point(case: Case) -> None:
    start = time.perf_counter()
    decision = decided(case).decision
    assert decision.status == REFUTED
    point = decision.counterexample
    assert point is not None
    assert (point.left is None or point.right is None) or abs(float(point.left) - float(point.right)) > 1e-6
    assert all(n <= 2 for n in point.sizes.values())
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("case", CORRECTED, ids=[c.number for c in CORRECTED])
def test_the_nearest_true_form_is_offered_and_proved(case: Case) -> None:
    suggestion = decided(case).decision.suggestion
    assert suggestion is not None
    assert suggestion.status == "proved"
    _, _, right = suggestion.latex.partition(" = ")
    assert right == case.suggestion
    corrected = Formulas(claims=(suggestion.latex,), lets=case.lets, givens=case.givens)
    assert [c.decision.status for c in check(corrected)] == ["proved"], "what is printed reads back and is true"


@pytest.mark.parametrize(
    "case", [c for c in CASES if not c.suggestion], ids=[c.number for c in CASES if not c.suggestion]
)
def test_where_nothing_is_near_nothing_is_offered(case: Case) -> None:
    assert decided(case).decision.suggestion is None


def test_the_smallest_point_has_the_smallest_size() -> None:
    point = decided(CASES[0]).decision.counterexample
    assert point is not None
    assert point.sizes == {"K": 1}
    assert (point.left, point.right) == (0, 1)
