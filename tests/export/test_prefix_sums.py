"""Exported prefix sums, tails and shifted indices against plain sums at 50 digits, at extremes and in batches."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

import gradproof
from gradproof.notation import D, Eq, Sum, at_most, before, define, delta, exp, indices, log, size, vector
from gradproof.statement import Statement

GENERATOR = np.random.default_rng(5)
EXTREMES = ([1e4, 1e4 - 1, 1e4 + 2], [-800.0, 0.0, 800.0], [800.0, 0.0, -800.0], [3.0], [0.0] * 6)

T, K = size("T"), size("K")
t, s = indices("t s", T)
i, j, k = indices("i j k", K)
z, x, f = vector("z", K), vector("x", T), vector("f", T + 1)


@pytest.fixture(scope="module")
def entries() -> dict[str, Any]:
    book = gradproof.catalogue()
    return {n: book[n].prove().export("numpy").functions for n in ("H27", "H28", "F45", "B20")}


def functions(claim: Any, *arguments: Any) -> Any:
    return gradproof.prove(Statement(claims=(claim,), title="a sum", arguments=arguments)).export("numpy")


def prefix_gradient(z: np.ndarray, g: np.ndarray) -> list[float]:
    with mpmath.workdps(50):
        exact = [mpmath.mpf(float(a)) for a in z]
        c = [mpmath.log(mpmath.fsum(mpmath.exp(a) for a in exact[: n + 1])) for n in range(len(exact))]
        terms = [[g[n] * mpmath.exp(exact[m] - c[n]) for n in range(m, len(exact))] for m in range(len(exact))]
        return [float(mpmath.fsum(row)) for row in terms]


@pytest.mark.parametrize("at", EXTREMES, ids=str)
def test_logcumsumexp_at_extremes(entries: dict[str, Any], at: list[float]) -> None:
    g = GENERATOR.normal(size=len(at))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = entries["H28"].grad(np.array(at), g)
        assert np.isfinite(entries["H28"].loss(np.array(at), g))
    assert np.allclose(found, prefix_gradient(np.array(at), g), rtol=1e-11, atol=1e-13)


def test_logcumsumexp_in_batches_and_in_float32(entries: dict[str, Any]) -> None:
    many, g = GENERATOR.normal(size=(2, 3, 5)), GENERATOR.normal(size=5)
    whole = entries["H28"].grad(many, g)
    assert np.allclose(whole[1, 2], entries["H28"].grad(many[1, 2], g))
    assert entries["H28"].grad(many.astype("f4"), g.astype("f4")).dtype == np.float32


def test_no_square_of_terms_is_stored() -> None:
    source = gradproof.catalogue()["H28"].prove().export("numpy").source
    assert "logaddexp.accumulate" in source
    assert "[..., None]" not in source.split("def loss")[1]


@pytest.mark.parametrize("discount", [0.9, 0.01, 1.5])
def test_advantages_are_those_of_the_recursion(entries: dict[str, Any], discount: float) -> None:
    length, lam = 400, 0.7
    r, v = GENERATOR.normal(size=length), np.append(GENERATOR.normal(size=length), 0.0)
    steps = r + discount * v[1:] - v[:-1]
    wanted = np.zeros(length + 1)
    for n in reversed(range(length)):
        wanted[n] = steps[n] + discount * lam * wanted[n + 1]
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        left, right = (h(r=r, V=v, gamma=discount, lam=lam) for h in (entries["F45"].lhs, entries["F45"].rhs))
    scale = 1 + np.abs(wanted[:-1])
    assert np.max(np.abs(left["claim 1"] - wanted[:-1]) / scale) < 1e-9
    assert np.max(np.abs(right["claim 1"] - wanted[:-1]) / scale) < 1e-9


def test_the_length_of_a_longer_axis_is_checked(entries: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"V: expected length 4 along T\+1, found 3"):
        entries["F45"].lhs(r=np.zeros(3), V=np.zeros(3), gamma=0.9, lam=0.9)


def test_marginals_of_extreme_scores_sum_to_one(entries: dict[str, Any]) -> None:
    u, a = GENERATOR.normal(size=(3, 4)) * 5000, GENERATOR.normal(size=(4, 4)) * 300
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.allclose(np.sum(entries["B20"].grad(u, a), axis=-1), 1)


def test_one_hot_relative_entropy_is_no_nan(entries: dict[str, Any]) -> None:
    q = GENERATOR.dirichlet(np.ones(5))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.isclose(entries["H27"].lhs(q, np.array(3)), -np.log(q[3]))


def test_sums_on_either_side_of_an_index() -> None:
    both = functions(Eq(Sum(at_most(j, i) * z[j], j) + Sum(before(i, j) * z[j], j), Sum(z[j], j)), z)
    values = GENERATOR.normal(size=6)
    assert np.allclose(both.functions.lhs(values), np.sum(values))
    assert "cumsum" in both.source


def test_a_range_of_another_length() -> None:
    claim = Eq(x[t] * Sum(at_most(j, t) * z[j], j), Sum(at_most(j, t) * z[j] * x[t], j))
    exported = functions(claim, x, z).functions
    for length, count in ((5, 3), (2, 4), (3, 3)):
        values, weights = GENERATOR.normal(size=count), GENERATOR.normal(size=length)
        wanted = [weights[n] * np.sum(values[: n + 1]) for n in range(length)]
        assert np.allclose(exported.lhs(weights, values), wanted)
        assert np.allclose(exported.rhs(weights, values), wanted)


def test_shifted_entries_are_slices() -> None:
    found = functions(Eq(Sum((f[t + 1] - f[t]) * x[t], t), Sum(f[t + 1] * x[t] - f[t] * x[t], t)), f, x)
    values, weights = GENERATOR.normal(size=7), GENERATOR.normal(size=6)
    assert np.isclose(found.functions.lhs(values, weights), np.sum(np.diff(values) * weights))
    assert "take_along_axis" not in found.source


def test_reversed_and_last_entries() -> None:
    claim = Eq(f[T + 1] * Sum(x[T - t + 1] * x[t], t), Sum(x[t] * x[T - t + 1] * f[T + 1], t))
    values, ends = GENERATOR.normal(size=5), GENERATOR.normal(size=6)
    for side in ("lhs", "rhs"):
        found = getattr(functions(claim, x, f).functions, side)(values, ends)
        assert np.isclose(found, ends[-1] * np.sum(values * values[::-1]))


def test_the_last_entry_and_a_delta_at_the_end() -> None:
    claim = Eq(x[T] * Sum(delta(t, T) * x[t], t) + f[T] * x[1], x[T] ** 2 + x[1] * f[T])
    values, ends = GENERATOR.normal(size=5), GENERATOR.normal(size=6)
    for side in ("lhs", "rhs"):
        found = getattr(functions(claim, x, f).functions, side)(values, ends)
        assert np.isclose(found, values[-1] ** 2 + ends[-2] * values[0])


def test_the_gradient_of_a_ranking_likelihood() -> None:
    tail = define("S", i, Sum(at_most(i, j) * exp(z[j]), j))
    loss = define("L", Sum(log(tail[i]) - z[i], i))[()]
    claim = Eq(D(loss, z[k]), exp(z[k]) * Sum(at_most(i, k) / tail[i], i) - 1)
    exported = functions(claim).functions
    for at in ([0.3, -1.0, 2.0, 0.5], [700.0, -700.0, 300.0]):
        values = np.array(at)
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            found = exported.grad(values)
        rows = np.tril(np.ones((len(at), len(at)))).T  # row i has the classes from i on
        shares = rows * np.exp(values - np.array([np.logaddexp.reduce(values[n:]) for n in range(len(at))])[:, None])
        assert np.allclose(found, np.sum(np.where(rows > 0, shares, 0), axis=0) - 1, atol=1e-12)
