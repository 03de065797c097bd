"""Functions of chunks give what the function of the whole gives, in the passes they say, in the memory of a chunk."""

from __future__ import annotations

import importlib.util
import inspect
import tracemalloc
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import export_catalogue as book
import export_losses as e
import export_oracle
import mpmath
import numpy as np
import pytest
from export_shards import leaves
from export_streams import Streamed, streamed

from gradproof.export import Code, Exported, NotExportable, emit, stabilise
from gradproof.export.module import plan
from gradproof.notation import Eq, Sum, delta, exp, kl, log, matrix, relu, root, scalar, sigmoid, softmax, vector

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


# How chunks are given

N_CLASSES = 40


LOSS, GRADIENT = Exported("loss", -log(p[t])), Exported("grad", p[k] - delta(k, t), (k,))


@cache
def module(target: str, stream: str) -> Code:
    return emit([LOSS, GRADIENT, Exported("loss_and_grad", (LOSS, GRADIENT))], [z, t], "", target, stream=stream)


def cross_entropy(name: str, target: str = "numpy") -> Callable[..., Any]:
    return getattr(module(target, "K").functions, name)


def logits() -> list[Any]:
    return np.split(np.random.default_rng(0).normal(size=(3, N_CLASSES)) * 5, [7, 8, 31], axis=-1)


LABELS = np.array([0, 7, 39])


def test_chunks_may_come_from_an_iterator_where_one_pass_is_made() -> None:
    loss, gradient = cross_entropy("loss"), cross_entropy("grad")
    expected = loss(logits(), LABELS)
    np.testing.assert_array_equal(loss(iter(logits()), LABELS), expected)
    np.testing.assert_array_equal(loss((c for c in logits()), LABELS), expected)
    np.testing.assert_array_equal(loss(lambda: iter(logits()), LABELS), expected)
    np.testing.assert_array_equal(np.hstack(list(gradient(lambda: iter(logits()), LABELS))).shape, (3, N_CLASSES))
    with pytest.raises(TypeError, match=r"z_chunks: .* to go through 2 times; found a generator"):
        gradient((c for c in logits()), LABELS)


def test_an_iterator_in_disguise_is_found_out() -> None:
    once = iter(logits())
    with pytest.raises(ValueError, match="expected as many chunks in every pass"):
        list(cross_entropy("grad")(lambda: once, LABELS))


BAD: list[tuple[Any, Any, type[Exception], str]] = [
    (np.zeros((3, 4)), LABELS, TypeError, "z_chunks: expected a list of chunks, found one array"),
    ([], LABELS, ValueError, "at least one chunk"),
    ([np.zeros((3, 4)), np.zeros((3, 0))], LABELS, ValueError, "z: expected length 1 along K_local, found 0"),
    ([np.zeros((3, 4)), np.zeros((3, 4))], np.array([0, 7, 8]), IndexError, "counts from 0 to 7, found 0 to 8"),
    ([np.zeros((3, 4))], np.array([-1, 0, 0]), IndexError, "counts from 0"),
]


@pytest.mark.parametrize(("chunks", "labels", "error", "words"), BAD)
def test_bad_chunks_are_named(chunks: Any, labels: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        cross_entropy("loss")(chunks, labels)


def test_streams_that_do_not_match_are_named() -> None:
    loss = book.BOOK["A12"].prove().export(stream="K").functions.loss
    with pytest.raises(ValueError, match="z_chunks, y_chunks: expected as many chunks of each"):
        loss([np.zeros(2), np.zeros(2)], [np.ones(2)])
    with pytest.raises(ValueError, match="y: expected length 2 along K_local as in z, found 3"):
        loss([np.zeros(2)], [np.ones(3)])


def test_loss_and_gradient_together() -> None:
    loss, parts = cross_entropy("loss_and_grad")(logits(), LABELS)
    np.testing.assert_array_equal(loss, cross_entropy("loss")(logits(), LABELS))
    found = list(parts)
    assert [c.shape for c in found] == [c.shape for c in logits()]
    for a, b in zip(found, cross_entropy("grad")(logits(), LABELS), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("target", [needs("torch")])
def test_pytorch_records_nothing(target: str) -> None:
    import torch

    chunks = [torch.tensor(c, requires_grad=True) for c in logits()]
    loss, parts = cross_entropy("loss_and_grad", target)(chunks, torch.tensor(LABELS))
    assert not loss.requires_grad
    found = list(parts)
    assert not any(c.requires_grad for c in found)
    whole = torch.tensor(np.hstack(logits()), requires_grad=True)
    torch.nn.functional.cross_entropy(whole, torch.tensor(LABELS), reduction="sum").backward()
    torch.testing.assert_close(torch.cat(found, dim=-1), whole.grad)


@pytest.mark.parametrize("target", [needs("jax")])
def test_jax_compiles_a_list_of_chunks(target: str) -> None:
    import jax

    loss = cross_entropy("loss", target)
    with jax.enable_x64(True):
        found = jax.jit(loss)([jax.numpy.asarray(c) for c in logits()], LABELS)
    np.testing.assert_allclose(found, cross_entropy("loss")(logits(), LABELS), 1e-12)


# Memory


def peak(call: Callable[[], Any]) -> int:
    tracemalloc.start()
    call()
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def test_memory_is_that_of_a_chunk_not_of_the_row() -> None:
    classes, length = 2**20, 2**12
    row, chunk = 8 * classes, 8 * length

    def chunks() -> Iterator[Any]:
        return (np.cos(np.arange(start, start + length, dtype=float)) for start in range(0, classes, length))

    loss, gradient = cross_entropy("loss"), cross_entropy("grad")
    code = module("numpy", "")
    loss(lambda: [np.zeros(2)], 0)  # whatever the first call allocates
    label, entry = 12345, np.cos(np.arange(classes, dtype=float))
    assert peak(lambda: loss(chunks, label)) < 12 * chunk
    assert peak(lambda: sum(float(np.sum(c)) for c in gradient(chunks, label))) < 12 * chunk
    assert peak(lambda: code.functions.loss(entry, label)) >= row > 12 * chunk
    np.testing.assert_allclose(loss(chunks, label), code.functions.loss(entry, label), 1e-13)


def test_a_file_in_chunks(tmp_path: Path) -> None:
    path, rng = tmp_path / "z.npy", np.random.default_rng(2)
    np.save(path, rng.normal(size=(2, 10_000)).astype(np.float32))
    z = np.load(path, mmap_mode="r")
    z_chunks = np.split(z, range(4096, z.shape[-1], 4096), axis=-1)
    assert len(z_chunks) == 3
    assert all(isinstance(c, np.memmap) for c in z_chunks)
    labels, code = np.array([9_999, 4096]), module("numpy", "")
    loss, parts = cross_entropy("loss_and_grad")(z_chunks, labels)
    np.testing.assert_allclose(loss, code.functions.loss(z, labels), 1e-6)
    np.testing.assert_allclose(np.hstack(list(parts)), code.functions.grad(z, labels), 1e-6, 1e-7)
    assert loss.dtype == np.float32


# What is refused, and what is said


def test_what_does_not_stream_is_refused() -> None:
    proof = book.BOOK["A12"].prove()
    for options, words in (
        ({"stream": "N"}, "no argument has an axis of length N"),
        ({"target": "c", "stream": "K"}, "'c' has no streams"),
        ({"target": "torch", "stream": "K", "shard": "K"}, "not both"),
    ):
        with pytest.raises(NotExportable, match=words):
            proof.export(**options)
    with pytest.raises(NotExportable, match="solved that sums along it in every step"):
        book.BOOK["C30"].prove().export(stream="K")
    S = matrix("S", K, K)
    square = Exported("f", Sum(Sum(S[i, e.j] * vector("z", K)[e.j], e.j), i))
    with pytest.raises(NotExportable, match="the axis K of S cannot be split"):
        emit([square], [S, vector("z", K)], "", stream="K")


def test_the_refusal_says_which_axes_would_do() -> None:
    A = matrix("A", M, M)
    f = Exported("f", Sum(Sum(A[m, e.l] * z[k], m), e.l), (k,))
    with pytest.raises(NotExportable) as caught:
        emit([f], [A, z], "", stream="M")
    assert "what to do: split K" in str(caught.value)


def test_the_written_module_says_how_it_is_used() -> None:
    source = module("numpy", "K").source
    assert 'np.load("z.npy", mmap_mode="r")' in source
    assert "z_chunks: chunks of shape (..., K_local)" in source
    assert "Goes through the chunks once." in source
    assert "Goes through the chunks twice; a result in chunks" in source
    assert source.count("import") == source.count("import numpy as np") == 1
