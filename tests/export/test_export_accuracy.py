"""Exported functions against mpmath at 60 digits and more, at ordinary and extreme inputs, warnings as errors."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import export_catalogue as book
import export_losses as e
import export_oracle
import export_ulp as ulp
import mpmath
import numpy as np
import pytest

from gradproof.export import Exported, emit, stabilise
from gradproof.notation import Sum, distribution, entropy, exp, kl, log, scalars, sigmoid

ACCURACY = 1e-12
SMALLEST = 1e-290  # below it, doubles lose digits
SIZES = [(4, 3), (5, 2), (1, 1)]


@pytest.fixture(autouse=True)
def _strict_floating_point() -> Any:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        yield


def exported(case: e.Case) -> Any:
    return emit([Exported("f", stabilise(case.term), case.outputs)], case.arguments, "a test").functions.f


def call(function: Any, values: dict[str, Any]) -> Any:
    return function(**{name: values[name] for name in inspect.signature(function).parameters})


def reference(case: e.Case, values: dict[str, Any]) -> Any:
    counted = {name: values[name] + 1 for name in "tijkm"}
    return export_oracle.array(case.term, case.outputs, {**values, **counted, **e.sizes(values)})


WITHIN = [(name, scale) for scale in (1.0, 30.0, 300.0) for name, case in e.CASES.items() if scale <= case.largest]


@pytest.mark.parametrize(("name", "scale"), WITHIN)
def test_agrees_with_high_precision(name: str, scale: float) -> None:
    case = e.CASES[name]
    function, rng = exported(case), np.random.default_rng(7)
    for classes, rows in SIZES:
        if name == "log(1 - p)" and classes == 1:
            continue  # log 0
        values = e.inputs(rng, classes, rows, scale)
        with mpmath.workdps(400 if scale < 50 else 1500):
            want = reference(case, values)
        floor = max(case.floor * max(1.0, float(np.max(np.abs(want)))), SMALLEST)
        assert export_oracle.worst(call(function, values), want, floor) < ACCURACY


LOGITS = {
    "large": [1000.0, 1001.0, 1002.0],
    "wide": [-1000.0, 0.0, 1000.0],
    "huge and equal": [1e4, 1e4, 1e4],
    "huge": [1e4, -1e4, 0.0],
    "one class": [-1e4],
    "sure": [40.0, 0.0, 0.0],
    "far": [0.0, -745.2, -800.0],
}


@pytest.mark.parametrize("name", ["class t", "cross-entropy", "softmax", "log-softmax", "entropy", "focal loss"])
@pytest.mark.parametrize("logits", LOGITS.values(), ids=LOGITS)
def test_extreme_logits(name: str, logits: list[float]) -> None:
    case, classes = e.CASES[name], len(logits)
    values = e.inputs(np.random.default_rng(1), classes, 2, 1.0) | {"z": np.array(logits), "t": 0}
    with mpmath.workdps(9000):
        want = reference(case, values)
    assert export_oracle.worst(call(exported(case), values), want, SMALLEST) < ACCURACY


@pytest.mark.parametrize("logits", [[0.3, -1.2, 0.5], [1000.0, 1001.0, 1002.0]])
@pytest.mark.parametrize("name", ["temperature", "entropy at a temperature", "temperature gradient"])
def test_low_temperature_does_not_magnify_rounding(name: str, logits: list[float]) -> None:
    case = e.CASES[name]
    values = e.inputs(np.random.default_rng(1), 3, 2, 1.0) | {"z": np.array(logits), "tau": 1e-3}
    with mpmath.workdps(3000):
        want = reference(case, values)
    assert export_oracle.worst(call(exported(case), values), want, case.floor) < ACCURACY


STRESS = [  # input, value of -log sigmoid, its derivative sigmoid(x) - 1
    (-800.0, 800.0, -1.0),
    (-40.0, 40.00000000000000000424835, -0.9999999999999999957516457),
    (750.0, 0.0, 0.0),
    (40.0, 4.248354255291589e-18, -4.248354255291589e-18),
    (-1e-18, 0.6931471805599453, -0.5),
]


@pytest.mark.parametrize(("x", "loss", "gradient"), STRESS)
def test_logistic_loss(x: float, loss: float, gradient: float) -> None:
    functions = emit(
        [Exported("loss", stabilise(-log(sigmoid(e.a)))), Exported("grad", stabilise(sigmoid(e.a) - 1))], [e.a], "test"
    ).functions
    assert export_oracle.worst(functions.loss(x), loss, 1e-300) < 1e-15
    assert export_oracle.worst(functions.grad(x), gradient, 1e-300) < 1e-15


@pytest.mark.parametrize("x", [1e-9, -1e-9, 1e-20, 0.49, -0.49, 0.51, -30.0, 5.0])
def test_residual_of_the_exponential(x: float) -> None:
    f = emit([Exported("f", stabilise(exp(e.a) - e.a - 1))], [e.a], "test").functions.f
    with mpmath.workdps(60):
        want = float(mpmath.expm1(x) - mpmath.mpf(x))
    assert export_oracle.worst(f(x), want) < 1e-15


@pytest.mark.parametrize("x", [-1e-20, -0.6931471805599453, -800.0, -0.3, -5.0])
def test_log_of_one_minus_exponential(x: float) -> None:
    f = emit([Exported("f", stabilise(log(1 - exp(e.a))))], [e.a], "test").functions.f
    with mpmath.workdps(60):
        want = float(mpmath.log(-mpmath.expm1(x)))
    assert export_oracle.worst(f(x), want, 1e-300) < 1e-15


def softmax_functions() -> SimpleNamespace:
    functions = [
        Exported("loss", stabilise(-Sum(e.prior[e.i] * log(e.p[e.i]), e.i))),
        Exported("grad", stabilise(e.p[e.k] - e.prior[e.k]), (e.k,)),
        Exported("entropy", stabilise(entropy(e.p, e.i))),
        Exported("divergence", stabilise(kl(e.prior, e.masked, e.i))),
        Exported("lse", stabilise(log(Sum(exp(e.z[e.i]), e.i)))),
        Exported("p", stabilise(e.p[e.i]), (e.i,)),
    ]
    return emit(functions, [e.z, e.prior, e.mask], "a test").functions


def test_masked_classes() -> None:
    f = softmax_functions()
    z, y = np.array([1.0, -np.inf, 2.0]), np.array([0.25, 0.0, 0.75])
    want = mpmath.mpf("0.25") * mpmath.log1p(mpmath.e) + mpmath.mpf("0.75") * mpmath.log1p(mpmath.exp(-1))
    assert export_oracle.worst(f.loss(z, y), float(want)) < 1e-15
    assert f.grad(z, y)[1] == 0
    assert np.isfinite(f.entropy(z))


def test_a_row_of_minus_infinity_gives_no_nan() -> None:
    f = softmax_functions()
    z = np.array([[-np.inf, -np.inf], [0.0, 0.0]])
    assert f.lse(z).tolist() == [-np.inf, float(np.log(2.0))]
    assert f.p(z).tolist() == [[0.0, 0.0], [0.5, 0.5]]
    assert f.loss(z, np.array([0.5, 0.5])).tolist() == [np.inf, float(np.log(2.0))]


def test_zero_times_log_zero_is_zero() -> None:
    Q = e.prior
    P = distribution("P", e.K)
    f = emit([Exported("f", stabilise(kl(P, Q, e.i))), Exported("raw", kl(P, Q, e.i))], [P, Q], "a test").functions
    one, two = np.array([1.0, 0.0, 0.0]), np.array([0.5, 0.0, 0.5])
    assert f.f(one, two) == np.log(2.0)
    coin = emit([Exported("f", stabilise(e.CASES["coin"].term))], [e.theta, e.heads, e.tails], "a test").functions.f
    assert coin(1.0, 3.0, 0.0) == 0
    assert coin(0.0, 0.0, 2.0) == 0


HALVES = {  # a sum over many classes, and over many entries, is more than float16 holds
    "C21": ({"Z": np.zeros((1, 100_000)), "m": np.ones(1), "T": np.array([7])}, np.log(100_000)),
    "C23": ({"Z": np.full((50, 100), 30.0), "Y": np.zeros((50, 100))}, 30.0),
}


@pytest.mark.parametrize("entry", HALVES)
def test_float16_does_not_overflow(entry: str) -> None:
    f, (inputs, want) = book.functions(entry, "numpy"), HALVES[entry]
    half = {n: v if v.dtype.kind == "i" else v.astype(np.float16) for n, v in inputs.items()}
    loss, grad = f.loss_and_grad(**half)
    wide = f.grad(**{n: v if v.dtype.kind == "i" else v.astype(float) for n, v in half.items()})
    assert abs(loss - want) < np.spacing(np.float16(want)) / 2
    assert np.max(np.abs(grad - wide)) < np.finfo(np.float16).eps / 2 * np.max(np.abs(wide))
    assert loss.dtype == grad.dtype == np.float32


def sums_of_exponentials() -> dict[str, Any]:
    a, b, c = scalars("a b c")
    return {
        "of two": log(exp(a) + exp(b)),
        "of three": log(exp(a) + exp(b) + exp(c)),
        "twice": 2 * log(exp(a) + exp(b)),
        "less": -3 * log(exp(a + c) + exp(b)),
        "with a common part": log(exp(2 * a) + exp(a - b)),
    }


@pytest.mark.parametrize("name", sums_of_exponentials())
def test_a_sum_of_exponentials_is_not_a_difference(name: str) -> None:
    """b + softplus(a - b) loses digits where the logarithm is small beside b."""
    term = sums_of_exponentials()[name]
    code = emit([Exported("f", stabilise(term))], [*scalars("a b c")], "a test")
    assert "_softplus(" not in code.source
    rng = np.random.default_rng(0)
    rows = [dict(zip("abc", rng.uniform(-30, 30, 3), strict=True)) for _ in range(200)]
    with mpmath.workdps(80):
        want = ulp.halves(np.array([ulp.exact(term, (), row) for row in rows], dtype=object))
    found = np.array([call(code.functions.f, row) for row in rows])
    assert ulp.worst(found, want, 0, np.float64).own <= 2


def test_what_is_no_sum_of_exponentials_stays() -> None:
    a, b = scalars("a b")
    code = emit([Exported("f", stabilise(a * b + log(1 + exp(b - a))))], [a, b], "a test")
    assert "_softplus(b - a)" in code.source


PROGRAM = """
import json, sys
sys.modules["gradproof"] = None  # importing it, installed or not, is an error
import numpy as np
np.seterr(over="raise", invalid="raise", divide="raise")
scope = {}
exec(sys.stdin.read(), scope)
print(json.dumps([float(scope["loss"]([1000, 1001, 1002], [1, 0, 0])), scope["grad"]([1e4] * 3, [1, 0, 0]).tolist()]))
"""


def test_source_stands_alone() -> None:
    functions = [
        Exported("loss", stabilise(e.CASES["cross-entropy"].term)),
        Exported("grad", stabilise(e.p[e.k] - e.prior[e.k]), (e.k,)),
    ]
    source = emit(functions, [e.z, e.prior], "a test").source
    ran = subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM], input=source, text=True, capture_output=True, check=True
    )
    loss, gradient = json.loads(ran.stdout)
    assert export_oracle.worst(loss, 2.40760596444438030448292) < ACCURACY
    assert export_oracle.worst(gradient, [-2 / 3, 1 / 3, 1 / 3]) < ACCURACY
