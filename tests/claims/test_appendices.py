"""Three appendices in the style of papers, with planted errors: each is found in its line, nothing true is refuted."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradproof.claims.files import review
from gradproof.claims.findings import NOT_READ, Review
from gradproof.claims.verdict import PROVED, REFUTED, UNDECIDED

FOLDER = Path(__file__).parent / "appendices"

PLANTED = {  # the formula that holds the error, and what is wrong with it
    "softmax_regression.tex": {
        r"\pd{p_i}{z_k} = p_i (\delta_{ik} + p_k)": "a sign",
        r"&= z_k - \log e^{z_j}": "a dropped sum",
        r"\pd{\log p_i}{z_k} &= \delta_{ik} - p_i": "a swapped index",
        r"\pd{\Loss}{b_k}    &= y_k - p_k": "a sign",
        r"\pd{\Loss_\tau}{s_k} = q_k - y_k": "a lost factor",
    },
    "dpo.tex": {
        r"&= -\beta \, \sigma(\beta h)": "a sign inside sigma",
        r"= \beta \sigma(\beta h) \sigma(-\beta h)": "a lost factor",
        r"= \LDPO - \epsilon \beta h": "a sign",
        r"\beta \log \frac{\pi^*_i}{\rho_k}": "a swapped index",
        r"= \frac{1}{\beta} \pi^*_i r_i - \log Z": "a dropped sum",
    },
    "vae.tex": {
        r"&= \sigma_k + \frac{1}{\sigma_k}": "a sign",
        r"\log \sigma_k^2 = \frac{1}{\sigma_k}": "a lost factor",
        r"\frac{\partial z_d}{\partial \sigma_k} = \varepsilon_d": "a swapped index",
        r"\log \ell_i + \sum_{i=1}^{M} q_i \log \frac{q_i}{r_i}": "a sign",
        r"= \log M + q_i \log q_i": "a dropped sum",
    },
}
NOT_PROVED = {  # true, or beyond what is read, and said to be so
    "softmax_regression.tex": {r"\sum_{k=1}^{K} p_k^2 \le 1": UNDECIDED},
    "dpo.tex": {r"p(y_w \succ y_l \mid x) = \sigma(r_w - r_l)": NOT_READ},
    "vae.tex": {r"\mathbb{E}_{\varepsilon \sim \mathcal{N}(0, I)} [ z_d ] = \mu_d": NOT_READ},
}


@pytest.fixture(scope="module", params=sorted(PLANTED))
def reviewed(request: pytest.FixtureRequest) -> tuple[str, Review]:
    return request.param, review(FOLDER / request.param)


def line_of(name: str, piece: str) -> int:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    (found,) = [n for n, line in enumerate(lines, 1) if piece in line]
    return found


def test_every_planted_error_is_found_in_its_line_and_nothing_else_is_refuted(reviewed: tuple[str, Review]) -> None:
    name, found = reviewed
    assert [f.line for f in found.findings if f.status == REFUTED] == [line_of(name, piece) for piece in PLANTED[name]]
    assert {"a sign", "a dropped sum", "a swapped index", "a lost factor"} <= set(PLANTED[name].values()) | {
        "a sign" if "sign" in kind else kind for kind in PLANTED[name].values()
    }


def test_each_error_has_a_point_and_most_a_correction(reviewed: tuple[str, Review]) -> None:
    _, found = reviewed
    errors = [f.decision for f in found.findings if f.decision is not None and f.status == REFUTED]
    assert all(d.counterexample is not None for d in errors)
    assert all(d.suggestion is not None and d.suggestion.status == "proved" for d in errors)


def test_the_rest_is_proved_or_said_not_to_be(reviewed: tuple[str, Review]) -> None:
    name, found = reviewed
    rest = [(f.line, f.status) for f in found.findings if f.status in (UNDECIDED, NOT_READ)]
    assert rest == [(line_of(name, piece), status) for piece, status in NOT_PROVED[name].items()]
    assert found.count(PROVED) >= 6
    assert not found.notes
