"""The page on targets does what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_tutorial import replayed

pytest.importorskip("torch", reason="PyTorch IS NOT INSTALLED: pip install 'gradproof[torch]'")
pytest.importorskip("jax", reason="JAX IS NOT INSTALLED: pip install 'gradproof[jax]'")
pytestmark = [pytest.mark.torch, pytest.mark.jax, pytest.mark.compiler]


def test_the_page_on_targets_does_what_it_shows(request: pytest.FixtureRequest) -> None:
    path = Path(__file__).parents[2] / "docs" / "targets.md"
    page = path.read_text(encoding="utf-8")
    found = replayed(page)
    if request.config.getoption("--update-golden"):
        path.write_text(found, encoding="utf-8")
    else:
        assert found == page
