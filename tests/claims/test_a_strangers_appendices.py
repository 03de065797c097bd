"""Five appendices by someone who did not write the checker: what is planted is found, nothing true is refuted.

The numbers are lines of the files.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gradproof.claims.files import review
from gradproof.claims.findings import NOT_READ
from gradproof.claims.verdict import PROVED, REFUTED, UNDECIDED

FOLDER = Path(__file__).parent / "appendices"

REFUTED_LINES = {
    "focal.tex": [24, 40],  # a sign; a lost square
    "contrastive.md": [27, 35, 51],  # a lost temperature; columns that need not sum to one; a lost 1
    "policy_gradients.tex": [18, 24, 30, 32, 36, 42],  # signs, a lost 1/G, an index
    "distillation.md": [16, 17, 24, 37],  # signs, a lost temperature, a weight
    "attention.tex": [17, 20, 38, 42, 46],  # a lost delta, a sign, a lost square, "not", a lost term
}
OPEN = {
    "focal.tex": [31, 37, 43],  # undefined for a single class, where 1 - q is 0
    "contrastive.md": [51],
    "policy_gradients.tex": [22],  # A is a vector elsewhere in the file
    "distillation.md": [],
    "attention.tex": [18, 30, 30, 34, 35, 36, 37, 42],  # d > 0 is not said; a softmax without indices inside J
}


@pytest.mark.parametrize("name", sorted(REFUTED_LINES))
def test_what_is_planted_is_refuted_and_nothing_else(name: str) -> None:
    found = review(FOLDER / name)
    assert [f.line for f in found.findings if f.status == REFUTED] == REFUTED_LINES[name]
    still_open = [f.line for f in found.findings if f.status in (UNDECIDED, NOT_READ)]
    assert set(still_open) <= set(OPEN[name])  # fewer is progress
    assert found.count(PROVED) >= 5
