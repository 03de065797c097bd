"""Batch axes, floating types, argument checks."""

from __future__ import annotations

import inspect
from typing import Any

import export_losses as e
import export_oracle
import numpy as np
import pytest

from gradproof.export import Exported, emit, stabilise
from gradproof.expression import NATURAL
from gradproof.notation import Sum, log, vector

NO_BATCH = {"uniform", "nothing"}  # results that no argument enters


def exported(name: str) -> Any:
    case = e.CASES[name]
    return emit([Exported("f", stabilise(case.term), case.outputs)], case.arguments, "a test").functions.f


def parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


@pytest.mark.parametrize("name", sorted(set(e.CASES) - NO_BATCH))
@pytest.mark.parametrize("batch", [(), (3,), (2, 3)])
def test_any_leading_batch_axes(name: str, batch: tuple[int, ...]) -> None:
    f, rng = exported(name), np.random.default_rng(3)
    names = parameters(f)
    rows = [e.inputs(rng, 4, 3, 1.0) for _ in range(int(np.prod(batch)))]
    want = np.array([f(**{a: row[a] for a in names}) for row in rows])
    stacked = {a: np.array([row[a] for row in rows]).reshape(batch + np.shape(rows[0][a])) for a in names}
    assert export_oracle.worst(f(**stacked), want.reshape(batch + want.shape[1:]), 1e-3) < 1e-13


@pytest.mark.parametrize("name", sorted(set(e.CASES) - NO_BATCH))
def test_batch_axes_of_one_argument_broadcast(name: str) -> None:
    f, rng = exported(name), np.random.default_rng(4)
    names = parameters(f)
    first, second = e.inputs(rng, 4, 3, 1.0), e.inputs(rng, 4, 3, 1.0)
    for a in names:
        given = {b: first[b] for b in names}
        want = np.array([f(**given), f(**{**given, a: second[a]})])
        got = f(**{**given, a: np.array([first[a], second[a]])})
        assert export_oracle.worst(got, want, 1e-3) < 1e-13


@pytest.mark.parametrize("name", sorted(set(e.CASES) - NO_BATCH))
def test_floating_type_is_kept(name: str) -> None:
    f, rng = exported(name), np.random.default_rng(5)
    values = {a: v for a, v in e.inputs(rng, 4, 3, 1.0).items() if a in parameters(f)}
    narrow = {a: np.float32(v) if np.asarray(v).dtype.kind == "f" and np.ndim(v) else v for a, v in values.items()}
    has_arrays = any(np.ndim(v) for v in values.values())
    assert np.asarray(f(**narrow)).dtype == (np.float32 if has_arrays else np.float64)
    assert np.asarray(f(**values)).dtype == np.float64
    assert export_oracle.worst(f(**narrow), f(**values), 1e-2) < 1e-4


def test_integers_become_float64_and_scalars_stay_scalar() -> None:
    f = exported("cross-entropy")
    assert np.asarray(f([1, 2, 3], [1, 0, 0])).dtype == np.float64
    assert np.ndim(f([1, 2, 3], [1, 0, 0])) == 0
    assert np.ndim(exported("coin score")(0.5, 1, 2)) == 0
    assert np.asarray(exported("logistic loss")(0.5, np.float32(2))).dtype == np.float32


def test_constant_results() -> None:
    f = emit([Exported("zero", e.p[e.k] * 0), Exported("ones", 1 / e.K, (e.k,))], [e.z], "a test").functions
    assert f.zero().shape == ()
    assert f.zero().dtype == np.float64
    assert f.ones(np.zeros(4, np.float32)).tolist() == [0.25] * 4
    assert f.ones(np.zeros(4, np.float32)).dtype == np.float32


def test_several_results_come_as_a_dict() -> None:
    grad = Exported("grad", {"z": (e.p[e.k], (e.k,)), "tau": (e.tau**2, ())})
    f = emit([grad], [e.z, e.tau], "a test").functions.grad
    found = f(np.zeros(2), 3.0)
    assert sorted(found) == ["tau", "z"]
    assert found["z"].tolist() == [0.5, 0.5]
    assert found["tau"] == 9


def test_signature_has_what_is_needed_in_order() -> None:
    exports = [Exported("f", log(e.K)), Exported("g", Sum(e.prior[e.i] * e.z[e.i], e.i) * e.tau)]
    f = emit(exports, [e.tau, e.v, e.prior, e.z], "a test").functions
    assert parameters(f.f) == ["v"]  # only to read K off it
    assert parameters(f.g) == ["tau", "y", "z"]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((np.zeros(3), np.zeros(4)), ValueError, "y: expected length 3 along K as in z, found 4"),
        ((np.float64(1), np.zeros(4)), ValueError, r"z: expected axes \(..., K\), found shape \(\)"),
        ((np.zeros(0), np.zeros(0)), ValueError, "z: expected length 1 along K, found 0"),
    ],
)
def test_shapes_are_checked(arguments: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        exported("cross-entropy")(*arguments)


@pytest.mark.parametrize(
    ("label", "error", "message"),
    [
        (3, IndexError, "t: counts from 0 to 2, found 3 to 3"),
        (-1, IndexError, "t: counts from 0 to 2, found -1"),
        (1.0, TypeError, "t: expected integers, found float64"),
    ],
)
def test_labels_are_checked(label: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        exported("class t")(np.zeros(3), label)


def test_labels_may_be_an_integer_array_argument() -> None:
    labels = vector("c", e.N, NATURAL)
    wanted = -Sum(log(e.dense[e.n, labels[e.n]]), e.n) / e.N
    f = emit([Exported("f", stabilise(wanted))], [e.X, e.W, labels], "a test").functions.f
    rng = np.random.default_rng(0)
    X, W, c = rng.normal(size=(5, 2)), rng.normal(size=(2, 3)), np.array([0, 2, 1, 1, 0])
    scores = X @ W
    want = np.mean(np.log(np.exp(scores).sum(-1)) - scores[np.arange(5), c])
    assert export_oracle.worst(f(X, W, c), want) < 1e-14
