"""The page on LaTeX does what it shows, and so does its report on an appendix."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from test_tutorial import replayed

ROOT = Path(__file__).parents[2]


def test_the_page_on_latex_does_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    path = ROOT / "docs" / "latex.md"
    page = path.read_text(encoding="utf-8")
    for appendix in (ROOT / "tests" / "claims" / "appendices").glob("*.tex"):
        shutil.copy(appendix, tmp_path)
    monkeypatch.chdir(tmp_path)
    found = replayed(page)
    if request.config.getoption("--update-golden"):
        path.write_text(found, encoding="utf-8")
    else:
        assert found == page
