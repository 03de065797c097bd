"""Golden files: `pytest --update-golden` writes what the tests found; look at the difference before you commit it.

Tests of an optional library are marked by its name: `pytest -m torch`. Where it is not installed, they are skipped,
with the reason among the results.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gradproof.proof import Proof

GOLDEN = Path(__file__).parent / "golden"


OPTIONAL = {"torch": "PyTorch", "jax": "JAX"}


COMPILERS = ("cc", "gcc", "clang")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "compiler: needs a C compiler")
    for module, name in OPTIONAL.items():
        config.addinivalue_line("markers", f"{module}: needs {name}")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files instead of comparing with them"
    )


@pytest.fixture(scope="session")
def prove() -> Callable[[str], Proof]:
    """The proof of an entry of the catalogue, found once for all tests that look at every one."""
    from gradproof.entries import catalogue

    entries = catalogue()
    return cache(lambda number: entries[number].prove())


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """golden(name, found): the text found is that of tests/golden/name."""

    def compare(name: str, found: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(found, encoding="utf-8")
        assert path.exists(), f"there is no tests/golden/{name}; make it with pytest --update-golden"
        assert found == path.read_text(encoding="utf-8")

    return compare
