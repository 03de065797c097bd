"""The target of a test: skipped where its library is absent, and in double where it is JAX."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import pytest
from export_targets import LOUD


@pytest.fixture
def _double() -> Iterator[None]:
    """JAX computes in double."""
    with importlib.import_module("jax").enable_x64(True):
        yield


@pytest.fixture
def target(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    if name in LOUD:
        pytest.importorskip(name, reason=LOUD[name])
    if name == "jax":
        request.getfixturevalue("_double")
    return name
