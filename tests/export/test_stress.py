"""Exported functions of proved results at inputs where the naive formula overflows, underflows or cancels.

The expected values were computed at 25 digits or more, apart from this project's code.
"""

from __future__ import annotations

import numpy as np
import pytest

import gradproof

FIRST = [1.0, 0.0, 0.0]  # a one-hot label at the first class

# entry, function, inputs, expected
CASES = [
    ("A12", "loss", {"z": [1000.0, 1001.0, 1002.0], "y": FIRST}, "2.40760596444438030448292"),
    (
        "A12", "grad", {"z": [1000.0, 1001.0, 1002.0], "y": FIRST},
        ("-0.9099694268296195420019779", "0.2447284710547976524729596", "0.6652409557748218895290183"),
    ),
    ("A12", "loss", {"z": [-1000.0, 0.0, 1000.0], "y": FIRST}, "2000"),
    ("A12", "grad", {"z": [-1000.0, 0.0, 1000.0], "y": FIRST}, ("-1", "0", "1")),
    ("A12", "loss", {"z": [-1000.0, -1001.0, -1002.0], "y": FIRST}, "0.4076059644443803044829199"),
    (
        "A12", "grad", {"z": [-1000.0, -1001.0, -1002.0], "y": FIRST},
        ("-0.3347590442251781104709817", "0.2447284710547976524729596", "0.0900305731703804579980221"),
    ),
    ("A12", "loss", {"z": [1e4, 1e4, 1e4], "y": FIRST}, "1.098612288668109691395245"),
    (
        "A12", "grad", {"z": [1e4, 1e4, 1e4], "y": FIRST},
        ("-0.6666666666666666666666667", "0.3333333333333333333333333", "0.3333333333333333333333333"),
    ),
    ("A11", "fun", {"z": [1e4, -1e4, 0.0]}, ("1", "0", "0")),
    ("A17", "loss", {"z": [2.1, 1.0, -0.5], "y": FIRST, "tau": 1e-3}, "0"),
    ("A17", "grad", {"z": [2.1, 1.0, -0.5], "y": FIRST, "tau": 1e-3}, ("0", "0", "0")),
    ("B02", "loss", {"z": [-800.0], "y": [1.0]}, "800"),
    ("B02", "grad", {"z": [-800.0], "y": [1.0]}, ("-1",)),
    ("B02", "loss", {"z": [-40.0], "y": [1.0]}, "40.00000000000000000424835"),
    ("B02", "grad", {"z": [-40.0], "y": [1.0]}, ("-0.9999999999999999957516457",)),
    ("B02", "loss", {"z": [800.0], "y": [1.0]}, "0"),
    ("B02", "grad", {"z": [800.0], "y": [1.0]}, ("0",)),
    ("B02", "loss", {"z": [-1e-18], "y": [1.0]}, "0.6931471805599453099172321"),
]  # fmt: skip


@pytest.fixture(scope="module")
def functions():
    """The exported functions by entry, proved once."""
    book = gradproof.catalogue()
    return {entry: book[entry].prove().export("numpy").functions for entry in {c[0] for c in CASES}}


@pytest.mark.parametrize(("entry", "name", "inputs", "expected"), CASES)
def test_finite_and_right_to_twelve_digits(functions, entry, name, inputs, expected):
    arrays = {k: np.asarray(v) for k, v in inputs.items()}
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = np.asarray(getattr(functions[entry], name)(**arrays))
    wanted = np.asarray(expected, dtype=float)
    assert found.shape == wanted.shape
    assert np.all(np.isfinite(found))
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=0)
