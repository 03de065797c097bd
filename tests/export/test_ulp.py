"""The units that errors are measured in, on errors that were put there."""

from __future__ import annotations

import export_ulp as ulp
import mpmath
import numpy as np
import pytest

from gradproof.notation import exp, log, scalar

WANTED = ulp.rounded([["0.25", "1e-9"], ["2", "-2"]])
EPS = {np.float64: 2.0**-52, np.float32: 2.0**-23}


def off(place: tuple[int, int], by: float, kind: type = np.float64) -> np.ndarray:
    found = WANTED[0].astype(kind)
    found[place] += kind(by)
    return found


@pytest.mark.parametrize("kind", EPS)
def test_the_entry_the_row_and_the_terms(kind: type) -> None:
    error = ulp.worst(off((0, 1), 2 * EPS[kind], kind), WANTED, 1, kind, np.ones((2, 2)))
    assert error.row == pytest.approx(8, abs=0.01)  # of 1/4
    assert error.terms == pytest.approx(2, abs=0.01)
    assert error.own == pytest.approx(2 * EPS[kind] / np.spacing(kind(1e-9)), rel=0.01)


def test_rows_are_not_mixed() -> None:
    assert ulp.worst(off((0, 0), 2.0**-54), WANTED, 1, np.float64).row == 1
    assert ulp.worst(off((1, 0), 2.0**-51), WANTED, 1, np.float64).row == 1
    assert ulp.worst(off((0, 0), 2.0**-54), WANTED, 2, np.float64).row == pytest.approx(0.125, abs=0.1)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_infinitely_wrong(wrong: float) -> None:
    found = WANTED[0].copy()
    found[0, 0] = wrong
    assert ulp.worst(found, WANTED, 1, np.float64).terms == np.inf


def test_an_infinity_that_is_wanted() -> None:
    wanted = ulp.rounded(["1e400", "1"])
    assert ulp.worst(np.array([np.inf, 1.0]), wanted, 0, np.float64).own == 0
    assert ulp.worst(np.array([1e308, 1.0]), wanted, 0, np.float64).own == np.inf


def test_what_a_library_may_flush_counts_on_the_scale_of_the_smallest_number() -> None:
    wanted = ulp.rounded("1e-308")
    assert ulp.worst(np.float64(0), wanted, 0, np.float64).own < 1
    assert ulp.worst(np.float64(1e-300), wanted, 0, np.float64).own > 1e7


def test_exact_values_have_more_digits_than_a_double() -> None:
    a = scalar("a")
    with mpmath.workdps(60):
        high, low = ulp.halves(ulp.exact(log(1 + exp(a)), (), {"a": -40.0}))
        rest = mpmath.log1p(mpmath.exp(-40)) - mpmath.mpf(float(high)) - mpmath.mpf(float(low))
    assert abs(rest) < 1e-16 * np.spacing(float(high))
    assert float(low) != 0


def test_references_apart() -> None:
    high, low = WANTED
    assert ulp.apart(WANTED, WANTED, 1, np.float64, high).own == 0
    moved = ulp.apart((high, low + 2.0**-56), WANTED, 1, np.float64, np.ones((2, 2)))
    assert moved.row == pytest.approx(0.25)
    assert moved.terms == pytest.approx(0.0625)
