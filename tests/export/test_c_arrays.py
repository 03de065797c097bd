"""C functions on NumPy arrays: what is copied, batch axes, types, messages, extremes, units in the last place."""

from __future__ import annotations

import ctypes
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import export_losses as e
import export_oracle
import mpmath
import numpy as np
import pytest

import gradproof
from gradproof.export import Exported, emit, stabilise
from gradproof.export.c import compiler, mathematics, runtime
from gradproof.export.c.write import PREAMBLE

pytestmark = pytest.mark.compiler
NO_BATCH = {"uniform", "nothing"}  # results that no argument enters


def exported(name: str, target: str = "c") -> Any:
    case = e.CASES[name]
    return emit([Exported("f", stabilise(case.term), case.outputs)], case.arguments, "a test", target).functions.f


@pytest.mark.parametrize("name", sorted(e.CASES))
@pytest.mark.parametrize("batch", [(), (3,), (2, 17)])
def test_agrees_with_numpy(name: str, batch: tuple[int, ...]) -> None:
    f, g, rng = exported(name), exported(name, "numpy"), np.random.default_rng(3)
    names = list(inspect.signature(g).parameters)
    assert list(inspect.signature(f).parameters) == names
    rows = [e.inputs(rng, 4, 3, 1.0) for _ in range(int(np.prod(batch)))]
    given = {a: np.array([row[a] for row in rows]).reshape(batch + np.shape(rows[0][a])) for a in names}
    assert export_oracle.worst(f(**given), np.array(g(**given)), 1e-3) < 1e-13


@pytest.mark.parametrize("name", sorted(set(e.CASES) - NO_BATCH))
def test_batch_axes_of_one_argument_broadcast(name: str) -> None:
    f, g, rng = exported(name), exported(name, "numpy"), np.random.default_rng(4)
    names = list(inspect.signature(g).parameters)
    one = {a: e.inputs(rng, 4, 3, 1.0)[a] for a in names}
    for a in names:
        given = {**one, a: np.array([[one[a]] * 3, [one[a]] * 3])}
        other = next((b for b in names if b != a), a)
        given[other] = np.array([one[other]] * 3) if other != a else given[a]
        want = g(**given)
        assert np.shape(f(**given)) == np.shape(want)
        assert export_oracle.worst(f(**given), want, 1e-3) < 1e-13


@pytest.mark.parametrize("name", sorted(set(e.CASES) - NO_BATCH))
def test_floating_type_is_kept(name: str) -> None:
    f, rng = exported(name), np.random.default_rng(5)
    values = {a: v for a, v in e.inputs(rng, 4, 3, 1.0).items() if a in inspect.signature(f).parameters}
    narrow = {a: np.float32(v) if np.asarray(v).dtype.kind == "f" and np.ndim(v) else v for a, v in values.items()}
    has_arrays = any(np.ndim(v) for v in values.values())
    assert np.asarray(f(**narrow)).dtype == (np.float32 if has_arrays else np.float64)
    assert np.asarray(f(**values)).dtype == np.float64
    assert export_oracle.worst(f(**narrow), f(**values), 1e-2) < 1e-4


def test_half_precision_is_computed_in_float_and_more_than_double_is_refused() -> None:
    f = exported("cross-entropy")
    assert f(np.zeros(4, np.float16), np.zeros(4, np.float16)).dtype == np.float32
    assert np.isfinite(f(np.zeros(100_000, np.float16), np.full(100_000, 1e-5, np.float16)))
    with pytest.raises(TypeError, match="float and double"):
        f(np.zeros(4, np.longdouble), np.zeros(4, np.longdouble))


def test_arrays_that_fit_are_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[tuple[Any, int]] = []
    rows = runtime._rows

    def recorded(np: Any, value: Any, how: runtime.Rows) -> Any:
        passed.append((rows(np, value, how), how.step))
        return passed[-1][0]

    monkeypatch.setattr(runtime, "_rows", recorded)
    z, y = np.zeros((3, 4), np.float32), np.zeros(4, np.float32)
    exported("cross-entropy")(z, y)
    (first, step), (second, still) = passed
    assert np.shares_memory(first, z)
    assert step == 4
    assert np.shares_memory(second, y)
    assert still == 0  # one row for all
    passed.clear()
    exported("cross-entropy")(np.zeros((4, 3), np.float32).T, y)
    assert passed[0][0].flags.c_contiguous


def test_results_are_written_where_the_caller_wants_them() -> None:
    both = gradproof.catalogue()["F03"].prove().export("c").functions.loss_and_grad
    a, b = np.linspace(-3, 3, 300), np.ones(300)
    want = both(a, 0.5, b)
    places = (np.zeros(300), {"a": np.zeros(300), "b": np.zeros(300)})
    assert both(a, 0.5, b, out=places) is places
    for found, expected in zip((places[0], *places[1].values()), (want[0], *want[1].values()), strict=True):
        np.testing.assert_array_equal(found, expected)
    single = gradproof.catalogue()["A12"].prove().export("c").functions.grad
    z, y, place = np.ones((3, 4), np.float32), np.ones(4, np.float32), np.empty((3, 4), np.float32)
    assert single(z, y=y, out=place) is place
    np.testing.assert_array_equal(place, single(z, y))


@pytest.mark.parametrize(
    ("out", "message"),
    [
        (np.empty((3, 5)), r"shape \(3, 4\), found float64 \(3, 5\)"),
        (np.empty((3, 4), np.float32), "contiguous float64 array"),
        (np.empty((4, 3)).T, "contiguous"),
        ([[0.0]], "found list"),
        ("argument", "apart from"),
    ],
)
def test_places_that_do_not_fit_are_refused(out: Any, message: str) -> None:
    z = np.ones((3, 4))
    with pytest.raises(ValueError, match=message):
        gradproof.catalogue()["A12"].prove().export("c").functions.grad(z, z[0], out=z if isinstance(out, str) else out)


def test_what_is_not_finite() -> None:
    f = gradproof.catalogue()["A11"].prove().export("c").functions.fun
    for dtype in (np.float32, np.float64):
        for classes in (3, 40):
            z = np.zeros((40, classes), dtype)
            z[0, 0], z[1], z[2, 1] = np.nan, -np.inf, -np.inf
            p = f(z)
            assert np.all(np.isnan(p[0]))
            assert np.all(p[1] == 0)
            assert p[2, 1] == 0
            np.testing.assert_allclose(p[2:].sum(-1), 1, rtol=1e-6)


def test_rows_that_are_not_there() -> None:
    assert exported("cross-entropy")(np.zeros((0, 4)), np.zeros((0, 4))).shape == (0,)


@pytest.mark.parametrize("kind", ["float", "double"])
@pytest.mark.parametrize("rows", [0, 1, 255, 257, 1000])
def test_rows_of_single_numbers_may_have_any_steps(rows: int, kind: str) -> None:
    """Called as from C: arguments that all rows share, that follow each other, and that lie apart."""
    proof = gradproof.catalogue()["F03"].prove()
    entry = getattr(compiler.load(proof.export("c").source), f"loss_and_grad_{kind}")
    rng, dtype = np.random.default_rng(6), np.float32 if kind == "float" else np.float64
    for steps in ((1, 0, 1), (0, 0, 0), (3, 2, 1), (0, 1, 5), (1, 1, 1)):
        given = [rng.uniform(0.1, 2, 5 * rows + 1).astype(dtype) for _ in steps]
        outs = [np.full(rows + 1, 7, dtype) for _ in range(3)]
        pairs = [(a.ctypes.data_as(ctypes.c_void_p), ctypes.c_ssize_t(n)) for a, n in zip(given, steps, strict=True)]
        places = [o.ctypes.data_as(ctypes.c_void_p) for o in outs]
        entry(ctypes.c_int(2), ctypes.c_ssize_t(rows), *(x for pair in pairs for x in pair), *places, None)
        apart = [np.array([a[n * row] for row in range(rows)], dtype) for a, n in zip(given, steps, strict=True)]
        loss, grad = proof.export("numpy").functions.loss_and_grad(*apart)
        for out, want in zip(outs, (loss, grad["a"], grad["b"]), strict=True):
            np.testing.assert_allclose(out[:rows], want, rtol=1e-5 if kind == "float" else 1e-13)
            assert out[rows] == 7


def message(f: Callable[..., Any], *given: Any) -> tuple[type, str]:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        f(*given)
    return caught.type, str(caught.value)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("cross-entropy", (np.zeros(3), np.zeros(4))),
        ("cross-entropy", (np.float64(1), np.zeros(4))),
        ("cross-entropy", (np.zeros(0), np.zeros(0))),
        ("class t", (np.zeros(3), 3)),
        ("class t", (np.zeros(3), -1)),
        ("class t", (np.zeros(3), 1.0)),
    ],
)
def test_messages_are_those_of_numpy(name: str, given: Any) -> None:
    found = message(exported(name), *given)
    assert found == message(exported(name, "numpy"), *given)
    assert found[1]


def test_labels_in_an_array_cannot_reach_outside() -> None:
    functions = gradproof.catalogue()["C21"].prove().export("c").functions
    with pytest.raises(IndexError, match="T: counts from 0 to 2, found 0 to 3"):
        functions.loss(np.zeros((2, 3)), np.ones(2), np.array([0, 3]))
    with pytest.raises(IndexError, match="T: counts from 0"):
        functions.grad(np.zeros((2, 3)), np.ones(2), np.array([-1, 0]))


CPUINFO = Path("/proc/cpuinfo")
FUSED = CPUINFO.exists() and " fma " in CPUINFO.read_text(encoding="utf-8")


@pytest.mark.skipif(not FUSED, reason="NO FUSED MULTIPLY-ADD IS KNOWN OF: the rounding of an inverse is not put back")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_class_without_rivals_has_all_of_the_probability(dtype: Any) -> None:
    """E / E is 1, which the product of E with its rounded inverse need not be."""
    f = gradproof.catalogue()["A11"].prove().export("c").functions.fun
    alone = np.random.default_rng(4).uniform(-50, 50, (5000, 1)).astype(dtype)
    assert np.all(f(alone) == 1)
    for classes in (10, 40):
        rivals = np.concatenate([alone, np.full((len(alone), classes - 1), -1e4, dtype)], axis=-1)
        assert np.all(f(rivals)[:, 0] == 1)


def test_what_waits_in_a_result_is_read_before_that_is_written() -> None:
    """Of three results in one loop, the first does not use the exponentials that the second does."""
    z, ref = np.array([0.5, -1.0, 2.0]), np.array([0.2, 0.3, 0.5])
    proof = gradproof.catalogue()["F38"].prove()
    found, expected = (proof.export(target).functions.rhs(z, ref) for target in ("c", "numpy"))
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-12, atol=1e-15)


def in_ulps(found: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """The distance from what is exact, in units in the last place of it."""
    unit = np.spacing(np.abs(exact.astype(found.dtype))).astype(np.longdouble)
    return np.abs(found.astype(np.longdouble) - exact) / unit


def test_softmax_of_a_million_random_logits_in_float32() -> None:
    """Softmax, and the loss of the true class, of logits in [-50, 50], against long double."""
    f = gradproof.catalogue()["A11"].prove().export("c").functions.fun
    rng = np.random.default_rng(2026)
    for rows, classes in ((50_000, 10), (500, 1000), (8, 62_500)):
        z = rng.uniform(-50, 50, (rows, classes)).astype(np.float32)
        wide = np.exp(z.astype(np.longdouble) - z.max(-1, keepdims=True))
        worst = in_ulps(f(z), wide / wide.sum(-1, keepdims=True)).max()
        assert worst <= 4, f"{worst:.2f} units in the last place at {classes} classes"


@pytest.mark.parametrize("temperature", [0.07, 1.3, 5.0])
def test_softmax_of_scaled_logits_in_float32(temperature: float) -> None:
    """Neither 1 / T nor its product with a logit is exact in float32; what rounding takes from them is put back."""
    grad = gradproof.catalogue()["E01"].prove().export("c").functions.grad
    rng = np.random.default_rng(2026)
    for rows, classes in ((20_000, 10), (200, 1000)):
        tau = np.float32(temperature)
        s = (tau * rng.uniform(-30, 30, (rows, classes))).astype(np.float32)
        wide = np.exp((s.astype(np.longdouble) - s.max(-1, keepdims=True)) / np.longdouble(tau))
        exact = wide / wide.sum(-1, keepdims=True) / np.longdouble(tau)
        worst = in_ulps(grad(s, tau)[:, 1:], exact[:, 1:]).max()
        assert worst <= 5, f"{worst:.2f} units in the last place at {classes} classes"  # of softmax 4, and a division


def test_cross_entropy_of_a_million_random_logits_in_float32() -> None:
    both = gradproof.catalogue()["C21"].prove().export("c").functions.loss_and_grad
    rng = np.random.default_rng(2027)
    z = rng.uniform(-50, 50, (1, 1000, 1000)).astype(np.float32)
    label = rng.integers(0, 1000, (1, 1000))
    loss, grad = both(z, np.ones((1, 1000), np.float32), label)
    wide = z.astype(np.longdouble)
    d = wide - wide.max(-1, keepdims=True)
    p = np.exp(d) / np.exp(d).sum(-1, keepdims=True)
    true = np.take_along_axis(d, label[..., None], -1)[..., 0]
    assert in_ulps(loss, np.mean(np.log(np.exp(d).sum(-1)) - true, -1)).max() <= 4
    p[0, np.arange(1000), label[0]] -= 1
    scale = np.abs(p).max(-1, keepdims=True) / 1000
    assert in_ulps(grad, p / 1000)[p > 0].max() <= 6  # softmax, and two factors
    assert (np.abs(grad - p / 1000) / np.spacing(scale.astype(np.float32))).max() <= 4


@pytest.mark.parametrize(("rows", "classes"), [(20_000, 10), (200, 1000)])
def test_the_gradient_of_a_sure_row_keeps_its_digits(rows: int, classes: int) -> None:
    """Where the true class is the largest, p - 1 would cancel; it is what the others have."""
    grad = gradproof.catalogue()["C21"].prove().export("c").functions.grad
    z = (5 * np.random.default_rng(3).standard_normal((rows, classes))).astype(np.float32)
    label, n = z.argmax(-1), np.arange(rows)
    e = np.exp(z.astype(np.longdouble) - z.max(-1, keepdims=True))
    exact = e / e.sum(-1, keepdims=True)
    e[n, label] = 0
    exact[n, label] = -e.sum(-1) / (1 + e.sum(-1))
    assert in_ulps(grad(z, np.ones(rows, np.float32), label), exact / rows).max() <= 6


def test_powers_in_units_in_the_last_place() -> None:
    """Of positive and negative numbers and 0, in float, against the C library's in double."""
    body = (
        "void over(ptrdiff_t n, const float *x, const float *y, float *z)\n"
        "{ SIMD() for (ptrdiff_t i = 0; i < n; ++i) z[i] = power_float(x[i], y[i]); }\n"
    )
    library = compiler.load(PREAMBLE + mathematics.functions(body) + body)
    rng = np.random.default_rng(8)
    plain = [0, 1, -1, 2, -2, 0.3, -0.3, 3, -3, 2.5, 1e30, -1e30, 1e-40, 16777217, np.inf, np.nan]
    x = np.concatenate([np.repeat(plain, len(plain)), np.exp(rng.uniform(-20, 20, 20_000))]).astype(np.float32)
    y = np.concatenate([np.tile(plain, len(plain)), rng.uniform(-4, 4, 20_000)]).astype(np.float32)
    found = np.empty_like(x)
    library.over(ctypes.c_ssize_t(x.size), *(ctypes.c_void_p(v.ctypes.data) for v in (x, y, found)))
    with np.errstate(all="ignore"):
        want = x.astype(np.float64) ** y.astype(np.float64)
        finite = np.isfinite(want.astype(np.float32)) & (np.abs(x) != 1)
        assert in_ulps(found[finite], want[finite]).max() <= 1
        same = (np.abs(x) != 1) | np.isfinite(y)  # to infinite powers of -1 C says 1
        np.testing.assert_array_equal(found[~finite & same], want.astype(np.float32)[~finite & same])


FUNCTIONS = {
    "exp": (mpmath.exp, (-700.0, 700.0)),
    "exp_nonpositive": (mpmath.exp, (-740.0, 0.0)),
    "expm1": (mpmath.expm1, (-5.0, 5.0)),
    "log": (mpmath.log, (0.0, 5.0)),
    "log1p": (lambda x: mpmath.log(1 + x), (-0.999, 5.0)),
    "log1p_fraction": (lambda x: mpmath.log(1 + x), (0.0, 1.0)),
    "sigmoid": (lambda x: 1 / (1 + mpmath.exp(-x)), (-40.0, 40.0)),
    "softplus": (lambda x: mpmath.log(1 + mpmath.exp(x)), (-40.0, 40.0)),
    "tanh": (mpmath.tanh, (-3.0, 3.0)),
    "log1mexp": (lambda x: mpmath.log(1 - mpmath.exp(x)), (-30.0, -1e-6)),
    "expm1_minus": (lambda x: mpmath.exp(x) - 1 - x, (-3.0, 3.0)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("kind", ["float", "double"])
def test_functions_in_units_in_the_last_place(name: str, kind: str) -> None:
    body = (
        f"void over(ptrdiff_t n, const {kind} *x, {kind} *y)\n"
        f"{{ SIMD() for (ptrdiff_t i = 0; i < n; ++i) y[i] = {name}_{kind}(x[i]); }}\n"
    )
    library = compiler.load(PREAMBLE + mathematics.functions(body) + body)
    exact, (low, high) = FUNCTIONS[name]
    if kind == "float":
        low, high = max(low, -85.0), min(high, 85.0)
    x = np.random.default_rng(1).uniform(low, high, 4000).astype(np.float32 if kind == "float" else np.float64)
    y = np.empty_like(x)
    library.over(ctypes.c_ssize_t(x.size), ctypes.c_void_p(x.ctypes.data), ctypes.c_void_p(y.ctypes.data))
    with mpmath.workdps(40):
        for a, found in zip(x, y, strict=True):
            want = exact(mpmath.mpf(float(a)))
            unit = mpmath.mpf(float(np.spacing(np.abs(x.dtype.type(float(want))))))
            assert abs(mpmath.mpf(float(found)) - want) <= 4 * unit, a
