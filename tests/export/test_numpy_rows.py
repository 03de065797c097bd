"""Softmax, its logarithm and log-sum-exp in NumPy: one exponential for all, and another layout for short rows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import export_losses as e
import export_oracle
import mpmath
import numpy as np
import pytest

from gradproof.export import Exported, emit, stabilise
from gradproof.notation import Sum, entropy, exp, log

CLASSES = (1, 2, 3, 31, 32, 50)
t, k, z, p, pt = e.t, e.k, e.z, e.p, e.pt


def together(*parts: tuple[Any, tuple[Any, ...]]) -> Any:
    """One function that returns these terms as a tuple."""
    exports = tuple(Exported(f"part{n}", stabilise(term), outputs) for n, (term, outputs) in enumerate(parts))
    return emit([Exported("f", exports)], e.ARGUMENTS, "a test").functions.f


F = SimpleNamespace(
    class_t=together((-log(p[t]), ()), (p[k] - e.delta(k, t), (k,))),
    scaled=together((-log(pt[t]), ()), ((pt[k] - e.delta(k, t)) / e.tau, (k,))),
    weighted=together((-log(p[t]), ()), (e.q * (p[k] - e.delta(k, t)), (k,))),
    entropy=together((entropy(p, e.i), ()), (p[k], (k,)), (log(p[k]), (k,))),
    total=together((log(Sum(exp(z[e.i]), e.i)), ()), (p[k], (k,))),
)


@pytest.fixture(autouse=True)
def _strict_floating_point() -> Any:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        yield


def logits(classes: int, kind: str) -> np.ndarray:
    rng = np.random.default_rng(classes)
    found = 5 * rng.standard_normal(classes)
    if kind == "sure":
        found = rng.standard_normal(classes)
        found[-1] = 45
    if kind == "tied":
        found[[0, -1]] = found.max()
    if kind == "nearly tied":
        found[0] = found[-1] = found.max()
        found[0] = np.nextafter(found[0], -np.inf)
    return found


@pytest.mark.parametrize("kind", ["random", "sure", "tied", "nearly tied"])
@pytest.mark.parametrize("classes", CLASSES)
def test_right_to_rounding_of_the_value_itself(classes: int, kind: str) -> None:
    """Also the loss of a class that is all but certain, which is the sum of the other exponentials."""
    row = logits(classes, kind)
    label = classes - 1
    with mpmath.workdps(60):
        powers = [mpmath.exp(mpmath.mpf(float(v)) - mpmath.mpf(float(row[label]))) for v in row]
        others = mpmath.fsum(powers[:label])
        want = [mpmath.log1p(others), *(v / (1 + others) - (n == label) for n, v in enumerate(powers))]
    loss, slope = F.class_t(z=row, t=label)
    assert export_oracle.worst(loss, float(want[0])) < 1e-15
    assert export_oracle.worst(slope, [float(w) for w in want[1:]], 1e-1) < 2e-15


@pytest.mark.parametrize("classes", CLASSES)
def test_every_row_of_a_batch_is_computed_by_itself(classes: int) -> None:
    rows = np.array([logits(classes, kind) for kind in ("random", "sure", "tied")])
    rows = np.array([rows, rows[::-1] * 3])
    labels = np.array([[0, classes - 1, 0], [0, 0, classes // 2]])
    loss, slope = F.class_t(z=rows, t=labels)
    for place in np.ndindex(labels.shape):
        one, gradient = F.class_t(z=rows[place], t=labels[place])
        assert export_oracle.worst(loss[place], one, 1e-300) < 1e-14
        assert export_oracle.worst(slope[place], gradient, 1e-3) < 1e-12


@pytest.mark.parametrize("classes", [2, 3, 40])
def test_masked_classes_and_rows_of_minus_infinity(classes: int) -> None:
    row, nothing = np.zeros(classes), np.full(classes, -np.inf)
    row[0] = -np.inf
    both = np.array([row, nothing])
    lse, q = F.total(z=both)
    share = 1 / (classes - 1)
    np.testing.assert_allclose(lse, [np.log(classes - 1), -np.inf], rtol=1e-15)
    np.testing.assert_allclose(q, [[0, *[share] * (classes - 1)], [0] * classes], rtol=1e-15)
    surprise, q, logs = F.entropy(z=row)
    np.testing.assert_allclose(surprise, np.log(classes - 1), atol=1e-15)
    np.testing.assert_allclose(q, [0, *[share] * (classes - 1)], rtol=1e-15)
    assert logs[0] == -np.inf
    loss, slope = F.class_t(z=both, t=np.array([classes - 1, 0]))
    np.testing.assert_allclose(loss, [np.log(classes - 1), np.inf], atol=1e-15)
    np.testing.assert_allclose(slope[0], [0, *[share] * (classes - 2), share - 1], atol=1e-15)


@pytest.mark.parametrize("classes", [3, 40])
def test_a_factor_with_more_batch_axes_than_the_logits(classes: int) -> None:
    row, factors = logits(classes, "random"), np.array([[0.5], [2.0]])
    given = np.array(row)
    given.flags.writeable = False
    loss, slope = F.scaled(z=given, tau=factors, t=1)
    assert slope.shape == (2, 1, classes)
    for n, tau in enumerate(factors[:, 0]):
        one, gradient = F.scaled(z=row, tau=tau, t=1)
        np.testing.assert_allclose(loss[n, 0], one, rtol=1e-14)
        np.testing.assert_allclose(slope[n, 0], gradient, rtol=1e-13)
    loss, slope = F.weighted(z=given, q=factors, t=1)
    assert loss.shape == ()
    np.testing.assert_allclose(slope[1, 0], 4 * slope[0, 0], rtol=1e-15)


@pytest.mark.parametrize("classes", [3, 40])
def test_labels_with_more_batch_axes_than_the_logits(classes: int) -> None:
    row = logits(classes, "random")
    loss, slope = F.class_t(z=row, t=np.arange(3))
    assert loss.shape == (3,)
    np.testing.assert_allclose(np.diagonal(slope) + 1, F.total(z=row)[1][:3], atol=1e-15)


@pytest.mark.parametrize("classes", [1, 3, 40])
@pytest.mark.parametrize("rows", [0, 1, 2])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_types_layout_and_empty_batches(classes: int, rows: int, dtype: type) -> None:
    values = np.zeros((rows, classes), dtype)
    for f, more in ((F.class_t, {"t": np.zeros(rows, int)}), (F.entropy, {}), (F.total, {})):
        for found in f(z=values, **more):
            assert found.dtype == dtype
            assert found.shape[:1] == (rows,)
            assert found.flags.c_contiguous


def test_a_wide_matrix_that_is_not_contiguous() -> None:
    rows = np.random.default_rng(0).standard_normal((40, 7)).T
    for one, other in zip(F.entropy(z=rows), F.entropy(z=np.array(rows, order="C")), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13)
