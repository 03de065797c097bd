"""Functions of chunks give what the function of the whole gives, in the number of passes that they say."""

from __future__ import annotations

import importlib.util
import inspect
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import export_catalogue as book
import export_losses as e
import export_oracle
import export_random as chance
import mpmath
import numpy as np
import pytest
from export_shards import leaves
from export_streams import Streamed, streamed

from gradproof.export import Exported, NotExportable, emit, stabilise
from gradproof.export.module import plan
from gradproof.notation import Eq, Sum, exp, kl, log, relu, root, scalar, sigmoid, softmax, vector

MODES = [(2, 1, 99), (99,), (1,) * 99]  # lengths of chunks; the last are as long as is left
NEEDED = {"torch": "PyTorch IS NOT INSTALLED", "jax": "JAX IS NOT INSTALLED"}


def needs(library: str) -> Any:
    absent = importlib.util.find_spec(library) is None
    return pytest.param(
        library, marks=[getattr(pytest.mark, library), pytest.mark.skipif(absent, reason=NEEDED[library])]
    )


def streams(entry: str, target: str) -> Iterator[tuple[Streamed, Exported]]:
    """Every function of an entry along every axis that streams."""
    arguments = book.offered(entry).arguments
    for f in book.exported(entry, "numpy"):
        (routine,) = plan([f], arguments)
        for size in sorted({a for p in routine.parameters for a in p.axes if a.isidentifier()}):
            try:
                found = streamed(f, arguments, size, target)
            except NotExportable:
                continue
            if book.given_all(routine, book.points(entry, 1, (5, 3, 4))[0]):
                yield found, f


def check_catalogue(entries: Sequence[str], target: str) -> int:
    count = 0
    for entry in entries:
        for found, f in streams(entry, target):
            inputs = book.points(entry, 1, (5, 3, 4))[0]
            whole = getattr(book.functions(entry, "numpy"), f.name)
            expected = leaves(whole(**book.given(whole, inputs)))
            for lengths in MODES:
                got = found.joined(found.function(**found.split(inputs, lengths)))
                for value, wanted in zip(got, expected, strict=True):
                    label = f"{entry} {f.name} {found.routine.stream} {lengths}"
                    np.testing.assert_allclose(value, wanted, 1e-11, 1e-12, err_msg=label)
                    assert np.shape(value) == np.shape(wanted), label
                    assert np.asarray(value).dtype == np.asarray(wanted).dtype, label
            count += 1
    return count


def test_catalogue() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check_catalogue(book.some(book.BOOK), "numpy") >= 100


@pytest.mark.parametrize("target", [needs("torch"), needs("jax")])
def test_catalogue_in_other_libraries(target: str) -> None:
    if target == "jax":
        import jax

        with jax.enable_x64(True):
            assert check_catalogue(("A12", "D02", "C16", "E14"), target) >= 15
    else:
        assert check_catalogue(book.some(book.BOOK), target) >= 100


# Losses of our own

K, M, i, k, t, z, v, y = e.K, e.M, e.i, e.k, e.t, e.z, e.v, e.prior
m, Z, X, W = e.m, e.Z, e.X, e.W
p, q = softmax(z), softmax(v, name="q")
OWN = {
    **{
        name: case
        for name, case in e.CASES.items()
        if "Jacobian" not in name and name not in ("quotient rule", "trace")
    },
    "KL of two softmaxes": e.Case(kl(p, q, i), floor=1),
    "gradient of KL": e.Case(p[k] * (log(p[k]) - log(q[k]) - kl(p, q, i)), (k,), floor=1),
    "squared error of a softmax": e.Case(Sum((p[i] - y[i]) ** 2, i), floor=1),
    "sum of squares of a softmax": e.Case(Sum(p[i] ** 2, i)),
    "focused attention": e.Case(Sum(e.ps[m, i] * X[e.n, 1] * e.v[i], i), (m, e.n), floor=1),
    "softmax of centred logits": e.Case(
        -log(exp(z[t] - Sum(z[i], i) / K) / Sum(exp(z[e.j] - Sum(z[i], i) / K), e.j)), largest=30
    ),
    "softmax of normalised logits": e.Case(
        -Sum(y[k] * log(exp(v[k] / Sum(v[i] ** 2, i)) / Sum(exp(v[e.j] / Sum(v[i] ** 2, i)), e.j)), k), floor=1
    ),
}
PASSES = {
    "class t": 1,
    "class 1": 1,
    "cross-entropy": 1,
    "temperature": 1,
    "entropy": 1,
    "reverse KL": 1,
    "KL to logits": 1,
    "KL of two softmaxes": 1,
    "focal loss": 1,
    "attention": 1,
    "sum of squares of a softmax": 1,
    "contrastive": 1,
    "softmax": 2,
    "cross-entropy gradient": 2,
    "gradient of KL": 2,
    "softmax of normalised logits": 2,
    "squared error of a softmax": 2,  # multiplied out it would cancel
    "Jensen-Shannon": 2,
    "smoothed logarithm": 2,
}


def own(name: str, size: str, target: str = "numpy") -> Streamed:
    case = OWN[name]
    return streamed(Exported("f", stabilise(case.term), case.outputs), case.arguments, size, target)


def axes(name: str) -> set[str]:
    """The sizes that arguments have as an axis."""
    case = OWN[name]
    (routine,) = plan([Exported("f", stabilise(case.term), case.outputs)], case.arguments)
    return {a for p in routine.parameters for a in p.axes}


def whole(name: str) -> Any:
    case = OWN[name]
    return emit([Exported("f", stabilise(case.term), case.outputs)], case.arguments, "a test").functions.f


@pytest.mark.parametrize("name", PASSES)
def test_number_of_passes(name: str) -> None:
    assert own(name, "K").passes == PASSES[name]


STREAMING = [(name, size) for name in OWN for size in "KMN" if size in axes(name)]


@pytest.mark.parametrize(("name", "size"), STREAMING)
def test_agrees_with_high_precision(name: str, size: str) -> None:
    case = OWN[name]
    if name == "bilinear form" and size == "M":
        with pytest.raises(NotExportable, match="the axis M of A cannot be split"):
            own(name, size)
        return
    found = own(name, size)
    for scale in (1.0, 300.0) if case.largest >= 300 else (1.0,):
        values = e.inputs(np.random.default_rng(5), 7, 3, scale)
        counted = {n: values[n] + 1 for n in "tijkm"}
        with mpmath.workdps(1500 if scale > 1 else 60):
            want = export_oracle.array(case.term, case.outputs, {**values, **counted, **e.sizes(values)})
        floor = max(case.floor * max(1.0, float(np.max(np.abs(want)))), 1e-290)
        arrays = {n: np.asarray(a) for n, a in values.items()}
        for lengths in MODES:
            with np.errstate(over="raise", invalid="raise", divide="raise"):
                (got,) = found.joined(found.function(**found.split(arrays, lengths)))
            assert export_oracle.worst(got, want, floor) < 1e-12, (scale, lengths)


def test_losses_made_at_random() -> None:
    passes: list[int] = []
    for seed in range(150):
        term, outputs = chance.loss(seed)
        f, values = Exported("f", stabilise(term), outputs), chance.inputs(seed)
        function = emit([f], chance.ARGUMENTS, "").functions.f
        expected = function(**{n: values[n] for n in inspect.signature(function).parameters})
        (routine,) = plan([f], chance.ARGUMENTS)
        for size in {"N", "K"} & {a for p in routine.parameters for a in p.axes}:
            found = streamed(f, chance.ARGUMENTS, size)
            for lengths in MODES:
                (got,) = found.joined(found.function(**found.split(values, lengths)))
                close = 1e-11 * max(1.0, float(np.max(np.abs(expected))))
                np.testing.assert_allclose(got, expected, 1e-10, close, err_msg=f"{seed} {size} {lengths}")
                assert np.shape(got) == np.shape(expected)
            passes.append(found.passes)
    assert len(passes) >= 200
    assert passes.count(1) > passes.count(2) > 0


N, w, a = e.N, vector("w", K), scalar("a")
ROOTS = {  # an equation for each row; one that all rows share; both
    "of rows": root(Eq(Sum(sigmoid(e.X[e.n, e.d] + a), e.d), 1), a),
    "shared": root(Eq(Sum(relu(w[k] - a), k), 1), a),
}
ROOTS["both"] = ROOTS["of rows"] * ROOTS["shared"]


@pytest.mark.parametrize("target", ["numpy", needs("torch")])
@pytest.mark.parametrize("name", ROOTS)
def test_equations_that_do_not_sum_along_the_axis(name: str, target: str) -> None:
    terms = [Exported("f", Sum((e.X[e.n, 1] + ROOTS[name]) ** 2, e.n) / N)]
    terms += [Exported("f", e.X[e.n, 1] * ROOTS[name], (e.n,))]
    rng = np.random.default_rng(4)
    values = {"X": rng.normal(size=(5, 2)), "w": rng.normal(size=4)}
    for f in terms:
        function = emit([f], [e.X, w], "").functions.f
        found = streamed(f, [e.X, w], "N", target)
        expected = function(**{n: values[n] for n in inspect.signature(function).parameters})
        for lengths in MODES:
            (got,) = found.joined(found.function(**found.split(values, lengths)))
            np.testing.assert_allclose(got, expected, 1e-13)


inf = np.inf
ROWS = [
    [3.0, 1.0, -2.0, -1e4, -2e4, -3e4],
    [-1e4, -2e4, -3e4, 3.0, 1.0, -2.0],
    [50.0, 0.0, 0.0, 0.0, -50.0, 49.0],
    [0.5, 2.0, 1.0, -inf, -inf, -inf],
    [-inf, -inf, -inf, 1.0, 0.0, 0.3],
    [-inf, 1.0, -inf, -inf, 2.0, -inf],
    [-inf] * 6,
    [1e30, -1e30, 1e30, 5.0, 0.0, -1e30],
    [0.0, 0.0, 0.0, 0.0, 0.0, 40.0],
]
EXTREME = ("class t", "softmax", "log-softmax", "entropy", "masked softmax", "focal loss", "attention", "contrastive")


@pytest.mark.parametrize("target", ["numpy", needs("torch")])
@pytest.mark.parametrize("name", EXTREME)
def test_extremes_in_a_batch(name: str, target: str) -> None:
    found, function = own(name, "K", target), whole(name)
    for dtype, close in ((np.float64, 1e-12), (np.float32, 3e-6)):
        logits = np.asarray(ROWS, dtype)
        values = {n: np.asarray(a) for n, a in e.inputs(np.random.default_rng(3), 6, 9, 1.0).items()}
        values = {n: a.astype(dtype) if a.dtype.kind == "f" else a for n, a in values.items()}
        values["z"] = logits[:, None, :]  # two batch axes
        values["Z"] = logits
        for label in (0, 2, 5):
            values["t"] = np.full((9, 2), label)
            with np.errstate(all="ignore"):
                expected = np.asarray(function(**{n: values[n] for n in inspect.signature(function).parameters}))
                for lengths in ((1, 2, 99), (3, 3), (1,) * 6):
                    (got,) = found.joined(found.function(**found.split(values, lengths)))
                    np.testing.assert_allclose(got, expected, close, close)
                    assert np.asarray(got).dtype == dtype


def test_what_an_underflow_hides_stays_hidden_when_the_underflow_comes_later() -> None:
    """p log q with q = 0: once p is 0 as well, which the first chunk cannot know, the product is 0."""
    values = {"z": np.array([-2000.0, -2000.5, 0.0, 1.0]), "v": np.array([-inf, 1.0, 0.5, 0.0])}
    (got,) = (found := own("KL of two softmaxes", "K")).joined(found.function(**found.split(values, (2, 2))))
    np.testing.assert_allclose(got, whole("KL of two softmaxes")(**values), 1e-13)
    assert np.isfinite(got)
