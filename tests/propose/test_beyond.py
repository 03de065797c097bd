"""Results beyond the list: what was not proved as it was first written down, and that nothing false is proved instead.

The statements in `beyond/` are true, and as they were written before any was tried; `docs/beyond.md` says why each
was not proved. A form that is proved by now is to move out of the folder, and its row is to say so.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from gradproof.api import prove
from gradproof.entries import catalogue, load_statement
from gradproof.errors import BadInput, NotDecided, Refuted
from gradproof.expression import Relation

HERE = Path(__file__).parent / "beyond"
FORMS = {path.name[:3].upper(): path for path in sorted(HERE.glob("*.py"))}
PAGE = (Path(__file__).parents[2] / "docs" / "beyond.md").read_text(encoding="utf-8")
FIRST = re.findall(r"\b[A-H][56]\d\b", PAGE.partition("## Proved as first written")[2].partition("\n## ")[0])
ROWS = re.findall(r"^\| ([A-H][56]\d) \|", PAGE, re.MULTILINE)
CHANGED = ["A51", "B52", "B53", "C52", "C57", "D50", "D56", "E56", "E59", "F54", "F59", "G56", "G61", "H53", "H63"]


@pytest.mark.parametrize("number", FORMS)
def test_a_first_form_that_was_not_proved_is_not_decided(number: str) -> None:
    with pytest.raises((NotDecided, BadInput)):
        prove(load_statement(FORMS[number]))


def test_sixty_five_of_eighty_nine_were_proved_as_first_written() -> None:
    book = catalogue()
    assert (len(set(FIRST)), len(FIRST)) == (65, 65)
    assert all(number in book for number in FIRST)
    assert sorted(ROWS) == sorted(FORMS)
    assert len(FORMS) == 24
    assert not set(FIRST) & set(FORMS)
    assert "65 of 89" in PAGE


@pytest.mark.parametrize("number", CHANGED)
def test_with_the_other_sign_it_is_refuted(number: str) -> None:
    statement = catalogue()[number].statement
    claim = statement.claims[0]
    assert isinstance(claim, Relation)
    left, right = claim.args
    with pytest.raises(Refuted):
        prove(replace(statement, claims=(Relation.of(left, "=", -right),), lemmas=(), through=()))
