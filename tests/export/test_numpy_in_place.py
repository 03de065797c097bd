"""NumPy code that writes over its own arrays: never over the caller's, and never where batch axes would not fit."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import export_catalogue as book
import export_losses as e
import export_random as chance
import numpy as np
import pytest

from gradproof.export import Exported, emit, stabilise, writer
from gradproof.export.array import Align, Equal, Label, Node, Range, Size
from gradproof.export.numpy import STREAMED
from gradproof.export.spikes import one_hot
from gradproof.expression import Expr, Index
from gradproof.notation import Eq, Sum, exp, relu, root, scalar

# E19 has guards of arrays that are smaller than their weights.
ENTRIES = list(dict.fromkeys([*book.some(book.BOOK), "E19"]))


def functions(entry: str) -> dict[str, Any]:
    return vars(book.functions(entry, "numpy"))


def read_only(values: dict[str, Any]) -> dict[str, Any]:
    """Copies that nothing can be written to."""
    found = {name: np.array(value) for name, value in values.items()}
    for value in found.values():
        value.flags.writeable = False
    return found


@pytest.mark.parametrize("entry", ENTRIES)
def test_arguments_are_never_written_to(entry: str) -> None:
    for function in functions(entry).values():
        for point in book.points(entry):
            function(**read_only(book.given(function, point)))


@pytest.mark.parametrize("entry", ENTRIES)
def test_batch_axes_of_one_argument_alone(entry: str) -> None:
    """Every argument in turn has a batch axis that the others lack."""
    for function in functions(entry).values():
        first, second = (book.given(function, p) for p in book.points(entry))
        for name in first:
            other = {**first, name: second[name]}
            want = _rows(function, [first, other])
            if want is None:
                continue
            stacked = {**first, name: np.array([first[name], second[name]])}
            _agree(function(**read_only(stacked)), want)


@pytest.mark.parametrize("entry", ENTRIES)
def test_batch_axes_of_all_but_one_argument(entry: str) -> None:
    for function in functions(entry).values():
        first, second = (book.given(function, p) for p in book.points(entry))
        for name in first:
            other = {**second, name: first[name]}
            want = _rows(function, [first, other])
            if want is None:
                continue
            stacked = {n: first[n] if n == name else np.array([first[n], second[n]]) for n in first}
            _agree(function(**read_only(stacked)), want)


def together(*parts: tuple[Expr, tuple[Index, ...]]) -> Any:
    """One function that returns these terms as a tuple."""
    exports = tuple(Exported(f"part{n}", stabilise(term), outputs) for n, (term, outputs) in enumerate(parts))
    return emit([Exported("f", exports)], e.ARGUMENTS, "a test").functions.f


z, y = np.array([0.5, -1.0, 2.0]), np.array([0.2, 0.3, 0.5])
p = np.exp(z) / np.exp(z).sum()
own, k, m, t = e.p[e.k], e.k, e.m, e.t


@pytest.mark.parametrize(
    ("parts", "want"),
    [
        ([(own, (k,)), (own - e.prior[k], (k,))], [p, p - y]),
        ([(own - e.prior[k], (k,)), (own, (k,))], [p - y, p]),
        ([(own - e.prior[k], (k,)), (2 * (own - e.prior[k]), (k,))], [p - y, 2 * (p - y)]),
        ([(own * own, (k,)), (own, (k,))], [p * p, p]),
        ([(own - e.delta(k, t), (k,)), (own, (k,))], [p - [0, 1, 0], p]),
        ([(e.q * (e.delta(k, t) - own), (k,))], [3 * (np.array([0, 1, 0]) - p)]),
        ([(exp(e.z[k]) * exp(e.z[k]), (k,))], [np.exp(z) ** 2]),
        ([(e.delta(k, t) - own, (k,))], [np.array([0, 1, 0]) - p]),
        ([((e.delta(k, t) - own) / e.q, (k,))], [(np.array([0, 1, 0]) - p) / 3]),
        ([(e.z[k] - e.delta(k, t), (k,)), (e.z[k] + e.q * e.delta(k, t), (k,))], [z - [0, 1, 0], z + 3 * np.eye(3)[1]]),
        ([(e.q * own - own * Sum(e.prior[e.i] * e.z[e.i], e.i), (k,))], [(3 - y @ z) * p]),
        ([(-Sum(-e.prior[k] * exp(e.z[k]) - e.z[k], k), ())], [np.sum(y * np.exp(z) + z)]),
    ],
)
def test_a_value_that_is_still_needed_is_kept(parts: Any, want: list[np.ndarray]) -> None:
    f = together(*parts)
    given = read_only({"z": z, "y": y, "q": np.array(3.0), "t": np.array(1)})
    _agree(f(**book.given(f, given)), want)


def test_a_matrix_and_its_transpose() -> None:
    square = np.random.default_rng(0).standard_normal((3, 3))
    f = together((exp(e.A[e.l, m]) + exp(e.A[m, e.l]), (e.l, m)))
    _agree(f(A=square), [np.exp(square) + np.exp(square.T)])


def test_losses_made_at_random_agree_with_code_that_writes_over_nothing() -> None:
    for seed in range(400):
        term, outputs = chance.loss(seed)
        code = emit([Exported("f", stabilise(term), outputs)], chance.ARGUMENTS, "a test")
        plain: dict[str, Any] = {}
        exec(writer.module(STREAMED, "a test", [writer.function(code.routines[0], STREAMED)]), plain)
        given = read_only(book.given(code.functions.f, chance.inputs(seed)))
        want = plain["f"](**given)
        close = 1e-11 * max(1.0, float(np.max(np.abs(want))))
        np.testing.assert_allclose(code.functions.f(**given), want, 1e-10, close, err_msg=f"{seed}")


def test_an_array_that_a_search_reads_at_every_step() -> None:
    u = scalar("u")
    weight = exp(e.z[k])
    threshold = root(Eq(Sum(relu(weight - u), k) / Sum(weight, k), Fraction(1, 2)), u)
    found = together((threshold, ()))(z=z)
    assert np.sum(np.maximum(np.exp(z) - found, 0)) == pytest.approx(np.exp(z).sum() / 2, rel=1e-12)


def test_an_array_that_a_search_reads_later() -> None:
    """The search is written into the return statement, after the second result."""
    u = scalar("u")
    weight = exp(e.z[k])
    excess = relu(weight - u)
    threshold = root(Eq(Sum(excess**2 + excess, k), 1), u)
    found, rest = together((threshold, ()), (weight - 2, (k,)))(z=z)
    over = np.maximum(np.exp(z) - found, 0)
    assert np.sum(over**2 + over) == pytest.approx(1, rel=1e-12)
    _agree(rest, [np.exp(z) - 2])


K, T = Range(Size("K")), Label("T", 2)


@pytest.mark.parametrize(
    ("node", "want"),
    [
        (Equal(Align(K, (None, None, 0)), Align(T, (0, 1, None))), T),
        (Equal(Align(T, (1, 0, None)), Align(K, (None, None, 0))), Align(T, (1, 0))),
        (Align(Equal(Align(K, (0, None, None)), Align(T, (None, 0, 1))), (2, 1, 0)), Align(T, (1, 0))),
        (Align(Equal(Align(K, (0, None, None)), Align(T, (None, 0, 1))), (1, 2, 0)), T),
        (Equal(Align(K, (0, None, None)), Align(T, (None, 0, 1))), None),  # along another axis
        (Equal(Align(K, (None, 0)), Align(K, (0, None))), None),  # the unit matrix
    ],
)
def test_the_index_of_a_one_hot_array(node: Node, want: Node | None) -> None:
    assert one_hot(node) == want


def _rows(function: Any, points: list[dict[str, Any]]) -> list[np.ndarray] | None:
    """The results row by row, or None where a row is outside of the domain."""
    with np.errstate(all="ignore"):
        found = [arrays(function(**p)) for p in points]
    rows = [np.array(row) for row in zip(*found, strict=True)]
    return rows if all(np.isfinite(r).all() for r in rows) else None


def _agree(found: Any, want: list[np.ndarray]) -> None:
    for got, rows in zip(arrays(found), want, strict=True):
        np.testing.assert_allclose(*np.broadcast_arrays(got, rows), rtol=1e-9, atol=1e-9)


def arrays(value: Any) -> list[np.ndarray]:
    """All arrays of a result, in order."""
    if isinstance(value, dict):
        value = [value[name] for name in sorted(value)]
    if isinstance(value, list | tuple):
        return [a for v in value for a in arrays(v)]
    return [np.asarray(value)]
