"""One slip in a true formula: it is found and undone; what is not a slip of the formula is not guessed at."""

from __future__ import annotations

import pytest

from gradproof.claims.edits import edits
from gradproof.claims.places import Names
from gradproof.claims.verdict import PROVED, REFUTED, UNDECIDED, Question, decide
from gradproof.expression import Relation
from gradproof.reader import read_many

LETS = (r"p_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}", r"\mathcal{L} = -\sum_{i=1}^{K} y_i \log p_i")
ONE = r"\sum_{i=1}^{K} y_i = 1"
JACOBIAN = r"\frac{\partial p_i}{\partial z_k}"

SLIPS = [
    (rf"{JACOBIAN} = p_k (\delta_{{ik}} - p_k)", "an index"),
    (rf"{JACOBIAN} = p_i (\delta_{{ik}} + p_k)", "a sign"),
    (rf"{JACOBIAN} = -p_i p_k", "a missing delta"),
    (rf"{JACOBIAN} = p_i (1 - p_k)", "a missing delta"),
    (r"\frac{\partial \mathcal{L}}{\partial z_k} = y_k - p_k", "a sign"),
    (r"\frac{\partial \mathcal{L}}{\partial z_k} = 2 (p_k - y_k)", "a factor too many or a term too many"),
    (r"\frac{\partial \mathcal{L}}{\partial z_k} = p_k", "a missing term"),
    (r"\sum_{i=1}^{K} p_i z_i - \mathcal{L} = p_k z_k - \mathcal{L}", "a sum"),
    (r"\sigma(x) = 1 + \sigma(-x)", "a sign"),
    (r"\sigma(-x) = \sigma(x)", "a sign"),
    (r"\frac{d}{da} a^3 = 3 a", "a power"),
    (r"\log(1 + e^x) \le 0", "the direction"),
]


def question(claim: str, givens: tuple[str, ...] = (ONE,)) -> Question:
    reading = read_many(claims=[claim], lets=LETS, givens=givens)
    ((said,),) = reading.claims
    return Question(said.relation, reading.givens, reading.definitions)


@pytest.mark.parametrize(("claim", "kind"), SLIPS, ids=[s[0] for s in SLIPS])
def test_a_slip_is_undone(claim: str, kind: str) -> None:
    found = decide(question(claim))
    assert found.status == REFUTED
    assert found.suggestion is not None
    assert decide(Question(found.suggestion.relation, question(claim).givens)).status == PROVED
    assert found.suggestion.change == kind


def test_every_change_differs_and_comes_once() -> None:
    relation = question(rf"{JACOBIAN} = p_i (\delta_{{ik}} - p_k)").relation
    assert isinstance(relation, Relation)
    found = [new for _, new in edits(relation.args[1], Names.of(relation))]
    assert len(found) == len(set(found)) > 50
    assert relation.args[1] not in found
    assert all(not e.loose for e in found)
    assert all(e.free <= relation.free for e in found)


def test_a_true_claim_is_proved_and_has_neither_point_nor_suggestion() -> None:
    found = decide(question(r"\frac{\partial \mathcal{L}}{\partial z_k} = p_k - y_k"))
    assert (found.status, found.counterexample, found.suggestion) == (PROVED, None, None)
    assert found.proof is not None


def test_hypotheses_about_other_things_are_left_out() -> None:
    found = question(r"\sigma(-x) = 1 - \sigma(x)", (ONE, r"\sum_{i=1}^{M} w_i = 3"))
    assert found.givens == ()
    kept = question(r"\frac{\partial \mathcal{L}}{\partial z_k} = p_k", (ONE, r"\sum_{i=1}^{M} w_i = 3"))
    assert len(kept.givens) == 1


def test_what_rests_on_an_unknown_name_is_not_refuted() -> None:
    reading = read_many(claims=[r"\frac{\partial L}{\partial z_k} = z_k"], lets=[r"q_i = z_i + \sum_{j=1}^{K} z_j"])
    found = decide(Question(reading.claims[0][0].relation, reading.givens))
    assert found.status == UNDECIDED
    assert "nothing is known" in found.reason


def test_a_name_without_definition_is_a_variable() -> None:
    assert decide(question(r"z_k = y_k")).status == REFUTED


def test_two_differentiated_sides_are_compared_by_their_difference() -> None:
    claim = (
        r"\frac{\partial \mathcal{L}}{\partial z_k} = -\sum_{i=1}^{K} \frac{y_i}{p_i} \frac{\partial p_i}{\partial z_k}"
    )
    assert decide(question(claim)).status == PROVED
