"""Exported NumPy functions at inputs where the naive formula overflows, underflows or cancels."""

from __future__ import annotations

from typing import Any

import export_stress as stress
import numpy as np
import pytest


@pytest.fixture(scope="module")
def functions() -> dict[str, Any]:
    """The exported functions by entry, proved once."""
    return {entry: stress.functions(entry, "numpy") for entry in {c[0] for c in stress.CASES}}


@pytest.mark.parametrize(("entry", "name", "inputs", "expected"), stress.CASES)
def test_finite_and_right(functions: dict[str, Any], entry: str, name: str, inputs: Any, expected: Any) -> None:
    arrays = {k: np.asarray(v) for k, v in inputs.items()}
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = np.asarray(getattr(functions[entry], name)(**arrays))
    wanted = np.asarray(expected, dtype=float)
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=0)
    assert stress.error(found, expected) <= 4
