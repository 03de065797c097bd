"""Matrix products and loops over whole matrices in C: every layout, lengths around those of a tile, what is not finite.

The terms are made up here; what one becomes is read in the source, what it computes is compared with NumPy in double.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradproof.export import Exported, emit, stabilise
from gradproof.export.code import Code
from gradproof.expression import Expr, Index
from gradproof.notation import POSITIVE, Sum, exp, indices, log, matrix, scalar, sigmoid, size, vector

pytestmark = pytest.mark.compiler
M, N, D = size("M"), size("N"), size("D")
m, p = indices("m p", M)
n, q = indices("n q", N)
d, e = indices("d e", D)
A, B = matrix("A", M, D), matrix("B", N, D)
At, Bt = matrix("At", D, M), matrix("Bt", D, N)
Z, W = matrix("Z", M, N), matrix("W", M, N, POSITIVE)
c, w, r = scalar("c"), vector("w", D), vector("r", M)
LENGTHS = ((1, 1, 1), (5, 3, 2), (6, 8, 31), (7, 17, 32), (8, 32, 33), (9, 33, 65), (50, 40, 64), (65, 70, 257))


def code(term: Expr, outputs: tuple[Index, ...]) -> Code:
    arguments = (A, B, At, Bt, Z, W, c, w, r)
    return emit([Exported("f", stabilise(term), outputs)], arguments, "a test", "c")


def given(rows: int, columns: int, depth: int, batch: tuple[int, ...] = ()) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(rows + columns + depth)
    shapes = {"A": (rows, depth), "B": (columns, depth), "At": (depth, rows), "Bt": (depth, columns)}
    shapes |= {"Z": (rows, columns), "W": (rows, columns), "c": (), "w": (depth,), "r": (rows,)}
    return {name: rng.uniform(0.5, 1.5, batch + shape) * (-1) ** (name in "AZ") for name, shape in shapes.items()}


PRODUCTS: dict[str, tuple[Expr, tuple[Index, ...], Callable[..., Any]]] = {
    "A B'": (Sum(A[m, d] * B[n, d], d), (m, n), lambda A, B, **_: A @ B.T),
    "B A'": (Sum(A[m, d] * B[n, d], d), (n, m), lambda A, B, **_: B @ A.T),
    "A Bt": (Sum(A[m, d] * Bt[d, n], d), (m, n), lambda A, Bt, **_: A @ Bt),
    "At' B'": (Sum(At[d, m] * B[n, d], d), (m, n), lambda At, B, **_: At.T @ B.T),
    "At' Bt": (Sum(At[d, m] * Bt[d, n], d), (m, n), lambda At, Bt, **_: At.T @ Bt),
    "Bt' At": (Sum(At[d, m] * Bt[d, n], d), (n, m), lambda At, Bt, **_: Bt.T @ At),
    "weighted": (
        Sum(w[d] * exp(A[m, d]) * B[n, d], d),
        (m, n),
        lambda A, B, w, **_: (w * np.exp(A)) @ B.T,
    ),
    "scaled": (c * (Sum(A[m, d] * B[n, d], d) + Z[m, n]), (n, m), lambda A, B, c, Z, **_: c * (A @ B.T + Z).T),
    "of a product": (
        Sum(exp(Sum(A[m, e] * Bt[e, n], e)) * Z[p, n], n),
        (m, p),
        lambda A, Bt, Z, **_: np.exp(A @ Bt) @ Z.T,
    ),
    "with itself": (Sum(A[m, d] * A[p, d], d), (m, p), lambda A, **_: A @ A.T),
    "summed": (log(Sum(exp(Sum(A[m, d] * B[n, d], d)), n)), (m,), lambda A, B, **_: np.log(np.exp(A @ B.T).sum(-1))),
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_products(name: str) -> None:
    term, outputs, exact = PRODUCTS[name]
    written = code(term, outputs)
    assert "product_float(threads, " in written.source
    names = [x.name for x in written.routines[0].parameters]
    for lengths in LENGTHS:
        for batch in ((), (3,)):
            values = given(*lengths, batch)
            singles = [{k: v[row] for k, v in values.items()} for row in range(3)] if batch else [values]
            want = np.array([exact(**x) for x in singles]).reshape((*batch, *np.shape(exact(**singles[0]))))
            for dtype, tolerance in ((np.float64, 1e-14), (np.float32, 2e-6)):
                found = written.functions.f(**{k: values[k].astype(dtype) for k in names})
                assert found.dtype == dtype
                assert np.abs(found - want).max() <= tolerance * max(1, np.abs(want).max()) * np.sqrt(lengths[-1])


def test_float32_is_no_less_accurate_than_numpy() -> None:
    f = code(*PRODUCTS["A B'"][:2]).functions.f
    rng = np.random.default_rng(0)
    x, y = (rng.standard_normal((200, 3000)).astype(np.float32) for _ in range(2))
    exact = x.astype(np.float64) @ y.T.astype(np.float64)
    assert np.abs(f(x, y) - exact).max() <= 1.5 * np.abs(x @ y.T - exact).max()


def test_what_is_not_finite_stays_in_its_row_and_column() -> None:
    f = code(*PRODUCTS["A B'"][:2]).functions.f
    x, y = np.ones((13, 5)), np.ones((18, 5))
    x[3, 2], y[7, 1], y[8, 4] = np.nan, np.inf, -np.inf
    found = f(x, y)
    assert np.all(np.isnan(found[3]))
    others = np.delete(found, 3, 0)
    assert np.all(others[:, 7] == np.inf)
    assert np.all(others[:, 8] == -np.inf)
    assert np.all(np.delete(others, [7, 8], 1) == 5)


def test_a_sum_of_products_with_a_common_operand_is_one_product() -> None:
    written = code(Sum(A[m, d] * B[n, d], d) - Sum(exp(At[d, m]) * B[n, d], d), (m, n))
    assert written.source.count("product_double(threads, ") == 1
    values = given(9, 20, 7)
    want = (values["A"] - np.exp(values["At"].T)) @ values["B"].T
    np.testing.assert_allclose(written.functions.f(values["A"], values["B"], values["At"]), want, rtol=1e-13)


ENTRIES: dict[str, tuple[Expr, tuple[Index, ...], Callable[..., Any], bool]] = {
    "entries": (sigmoid(Z[m, n]) * W[m, n], (m, n), lambda Z, W, **_: W / (1 + np.exp(-Z)), True),
    "sum": (Sum(Sum(Z[m, n] * W[m, n], n), m), (), lambda Z, W, **_: (Z * W).sum(), True),
    "mean of logs": (
        Sum(Sum(log(W[m, n]), n), m) / (M * N),
        (),
        lambda W, **_: np.log(W).mean(),
        True,
    ),
    "weighted rows": (Sum(r[m] * Sum(Z[m, n], n), m), (), lambda Z, r, **_: (r * Z.sum(-1)).sum(), False),
    "squared rows": (Sum(Sum(Z[m, n], n) ** 2, m), (), lambda Z, **_: (Z.sum(-1) ** 2).sum(), False),
    "transposed": (Z[m, n] - c, (n, m), lambda Z, c, **_: (Z - c).T, False),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_loops_over_whole_matrices(name: str) -> None:
    term, outputs, exact, one_loop = ENTRIES[name]
    written = code(term, outputs)
    body = written.source[written.source.index("f_row_float(") : written.source.index("void f_float(")]
    assert ("< M * N" in body) == one_loop
    names = [x.name for x in written.routines[0].parameters]
    for shape in ((1, 1), (1, 1000), (1000, 1), (3, 255), (16, 16), (257, 3), (700, 900)):
        values = given(*shape, 1)
        want = exact(**values)
        for dtype, tolerance in ((np.float64, 1e-13), (np.float32, 2e-6)):
            found = written.functions.f(**{k: values[k].astype(dtype) for k in names})
            np.testing.assert_allclose(found, want, rtol=tolerance)


COLUMNS: dict[str, tuple[Expr, tuple[Index, ...], Callable[..., Any], bool]] = {
    "of a matrix": (Sum(Z[m, n], m), (n,), lambda Z, **_: Z.sum(0), True),
    "of a matrix by a row": (Sum(r[m] * Z[m, n], m), (n,), lambda Z, r, **_: r @ Z, True),
    "of entries": (Sum(sigmoid(Z[m, n] - c) * exp(r[m]), m), (n,), lambda Z, c, r, **_: logistic(Z - c, r), True),
    "of a product": (
        Sum(exp(Sum(At[d, m] * Bt[d, n], d)), m),
        (n,),
        lambda At, Bt, **_: np.exp(At.T @ Bt).sum(0),
        True,
    ),
    "of a softmax": (
        Sum(exp(Z[m, n]) / Sum(exp(Z[m, q]), q), m),
        (n,),
        lambda Z, **_: (np.exp(Z) / np.exp(Z).sum(-1, keepdims=True)).sum(0),
        True,
    ),
    "of rows": (Sum(Z[m, n], n), (m,), lambda Z, **_: Z.sum(-1), False),
    "of both ways": (Sum(Bt[d, n] * Z[m, n], n), (d, m), lambda Bt, Z, **_: Bt @ Z.T, False),
}


def logistic(z: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return np.asarray((np.exp(weight)[:, None] / (1 + np.exp(-z))).sum(0))


@pytest.mark.parametrize("name", COLUMNS)
def test_sums_along_the_first_axis(name: str) -> None:
    term, outputs, exact, by_rows = COLUMNS[name]
    written = code(term, outputs)
    assert ("double total[BLOCK]" in written.source) == by_rows
    names = [x.name for x in written.routines[0].parameters]
    for lengths in ((1, 1, 1), (3, 257, 2), (257, 3, 2), (600, 520, 1), (300, 1000, 1)):
        for batch in ((), (2,)):
            values = given(*lengths, batch)
            rows = [{k: v[row] for k, v in values.items()} for row in range(2)] if batch else [values]
            want = np.reshape([exact(**x) for x in rows], (*batch, *np.shape(exact(**rows[0]))))
            for dtype, tolerance in ((np.float64, 1e-13), (np.float32, 2e-6)):
                found = written.functions.f(**{k: values[k].astype(dtype) for k in names})
                np.testing.assert_allclose(found, want, rtol=tolerance)


def test_long_sums_along_the_first_axis_keep_their_digits() -> None:
    f = code(*COLUMNS["of a matrix"][:2]).functions.f
    x = np.random.default_rng(1).uniform(0, 1, (300_000, 3)).astype(np.float32)
    exact = x.astype(np.float64).sum(0)
    assert np.all(np.abs(f(x) - exact) <= 2 * np.spacing(exact.astype(np.float32)))


def test_arguments_called_by_words_of_the_code() -> None:
    part, rows, first, row = matrix("part", M, N), vector("rows", M), scalar("first"), scalar("row")
    term = stabilise(Sum(part[m, n] * rows[m], m) * first + exp(row))
    f = emit([Exported("f", term, (n,))], (part, rows, first, row), "a test", "c").functions.f
    x, y = np.ones((5, 4)), np.arange(5.0)
    np.testing.assert_allclose(f(x, y, 2.0, 0.0), np.full(4, 21.0))
    f = emit([Exported("f", stabilise(exp(first) * row))], (first, row), "a test", "c").functions.f
    np.testing.assert_allclose(f(np.zeros(300), 3.0), np.full(300, 3.0))
