"""The numbers that the essay states: two rows are wrong, and no other."""

from __future__ import annotations

import pytest

import gradproof
from gradproof.errors import BadInput
from gradproof.notation import index, log, scalar, size, vector
from gradproof.numbers import check_numbers
from gradproof.statement import Statement, WorkedNumber


def test_every_number_of_the_essay():
    book = gradproof.catalogue()
    checked = [c for number in book for c in check_numbers(book[number].statement)]
    assert len(checked) == 14
    assert [c.quote for c in checked if not c.right] == [
        "tau = 0.5 -> [0.93, 0.06, 0.01]",
        "tau = 3.0 -> [0.43, 0.35, 0.22]",
    ]


def test_the_computed_values_are_the_softmax_at_that_temperature():
    book = gradproof.catalogue()
    wrong = [c for c in check_numbers(book["A17"].statement) if not c.right]
    assert wrong[0].computed == pytest.approx([0.895801, 0.0992575, 0.00494174], rel=1e-5)
    assert wrong[1].computed == pytest.approx([0.473173, 0.327928, 0.198899], rel=1e-5)


def statement_with(number: WorkedNumber) -> Statement:
    return Statement(claims=(), numbers=(number,), number="X1")


def test_a_tolerance_of_zero_means_the_very_decimal():
    p = scalar("p")
    right, wrong = (WorkedNumber(1 - p, {"p": 0.7}, stated, 0, "q") for stated in (0.3, 0.30000001))
    assert check_numbers(statement_with(right))[0].right
    assert not check_numbers(statement_with(wrong))[0].right


def test_what_is_left_of_rounding_is_zero():
    p, q = scalar("p"), vector("q", size("K"))
    third = WorkedNumber(3 * log(p) - log(p**3), {"p": 0.7}, 0, 1e-9, "q")
    assert check_numbers(statement_with(third))[0].computed == 0.0
    listed = WorkedNumber(log(q[index("k", q.shape[0])] ** 2) / 2, {"q": [1, 2]}, [0, 0.69315], 1e-5, "q")
    assert check_numbers(statement_with(listed))[0].computed == [0.0, pytest.approx(0.6931471805599453)]


def test_bad_inputs_say_what_is_missing():
    p, q = scalar("p"), vector("q", size("K"))
    with pytest.raises(BadInput, match="no input for p"):
        check_numbers(statement_with(WorkedNumber(log(p), {}, 1, 0, "q")))
    with pytest.raises(BadInput, match="one free index"):
        check_numbers(statement_with(WorkedNumber(q[1], {"q": [1, 2]}, [1, 2], 0, "q")))
    k = index("k", q.shape[0])
    with pytest.raises(BadInput, match="another length"):
        check_numbers(statement_with(WorkedNumber(q[k], {"q": [1, 2]}, [1, 2, 3], 0, "q")))
