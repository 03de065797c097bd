"""How chunks are given to a function, what it needs of memory, and what is refused."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import export_catalogue as book
import export_losses as e
import numpy as np
import pytest
from test_streaming import needs

from gradproof.export import Code, Exported, NotExportable, emit
from gradproof.notation import Sum, delta, log, matrix, vector

K, M, i, k, t, z, m, p = e.K, e.M, e.i, e.k, e.t, e.z, e.m, e.p

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
