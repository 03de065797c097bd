"""Losses that nobody listed, proved and exported: finite and right where sums overflow, weights vanish, ends meet."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
from export_targets import TARGETS

import gradproof
from gradproof.derivation import Given
from gradproof.expression import Expr
from gradproof.notation import (
    NEGATIVE,
    NONNEGATIVE,
    POSITIVE,
    Sum,
    before,
    delta,
    exp,
    given,
    indices,
    log,
    scalar,
    scalars,
    sigmoid,
    size,
    softmax,
    softplus,
    sqrt,
    tanh,
    vector,
)

mpmath.mp.dps = 60

K = size("K")
i, j, k, t, n = indices("i j k t n", K)
z, s, m, V = vector("z", K), vector("s", K), vector("m", K), vector("V", K)
w, mask = vector("w", K, NONNEGATIVE), vector("mask", K, NONNEGATIVE)
a, b, x = scalars("a b x")
c, u = scalar("c", POSITIVE), scalar("u", NEGATIVE)
p = softmax(z)
others = Sum((1 - delta(j, t)) * exp(s[j]), j)
chosen = Sum(w[i] * exp(s[i]), i)
scores = Sum(mask[j] * exp(c * s[j]), j)


def lse(values: Any) -> Any:
    return mpmath.log(mpmath.fsum(mpmath.exp(v) for v in values))


def soft(v: Any) -> Any:
    return mpmath.log(1 + mpmath.exp(v))


def logistic(v: Any) -> Any:
    return 1 / (1 + mpmath.exp(-v))


def attended(s: Any, mask: Any, V: Any, c: Any) -> Any:
    top = lse([c * e for e, g in zip(s, mask, strict=True) if g])
    return mpmath.fsum(g * v * mpmath.exp(c * e - top) for e, g, v in zip(s, mask, V, strict=True))


@dataclass(frozen=True)
class Case:
    """A loss, in what it is differentiated, its value by mpmath, and inputs."""

    loss: Expr
    wrt: Expr
    value: Callable[..., Any]
    points: tuple[dict[str, Any], ...]
    givens: tuple[Given, ...] = ()
    floor: float = 1e-15  # what a loss near 0 may be off by


def points(**values: list[Any]) -> tuple[dict[str, Any], ...]:
    return tuple(dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True))


CASES = {
    "one more class of score 0": Case(
        log(1 + Sum(exp(z[i]), i)), z[k], lambda z: soft(lse(z)), points(z=[[1e4, 0, -1e4], [-800, -900], [3]])
    ),
    "an interval of a logistic": Case(
        -log(sigmoid(b - x) - sigmoid(a - x)),
        x,
        lambda a, b, x: -mpmath.log(logistic(b - x) - logistic(a - x)),
        points(a=[0, 0, 0, 1], b=[1, 1, 1e-9, 1.5], x=[50, -50, 0.3, 1.2]),
        (given(sigmoid(b - x) - sigmoid(a - x) > 0),),
    ),
    "odds of two probabilities": Case(
        -log(sigmoid(log(exp(u) / (1 - exp(u))))),
        u,
        lambda u: -u,
        points(u=[-1e-12, -3, -800]),
    ),
    "all classes but one": Case(
        -log(1 - p[t]),
        z[k],
        lambda z, t: -mpmath.log(lse([e for n, e in enumerate(z) if n != t]) * 0 + 1 - mpmath.exp(z[t] - lse(z)))
        if z[t] - max(e for n, e in enumerate(z) if n != t) < 100
        else lse(z) - lse([e for n, e in enumerate(z) if n != t]),
        points(z=[[40, 0, 0], [1e4, 0, -1e4], [-10, 700, 710], [0, 0]], t=[0, 0, 0, 1]),
        (given(p[t] < 1),),
    ),
    "the positive is not among the negatives": Case(
        log(others) - s[t],
        s[k],
        lambda s, t: lse([e for n, e in enumerate(s) if n != t]) - s[t],
        points(s=[[1e4, 0, -1e4], [0, 1], [0.5, 2, 3]], t=[0, 1, 2]),
        (given(others > 0),),
    ),
    "mixture in its weights": Case(
        -log(chosen),
        w[k],
        lambda w, s: -mpmath.log(mpmath.fsum(g * mpmath.exp(e) for g, e in zip(w, s, strict=True))),
        points(w=[[0.5, 0, 0.5], [1, 0], [0.2, 0.3]], s=[[1, 2, 3], [1e3, 1e3 + 5], [0, 0]]),
        (given(chosen > 0),),
    ),
    "a class that is left out of the sum": Case(
        -Sum(m[i] * (s[i] - log(chosen)), i),
        s[k],
        lambda m, s, w: -mpmath.fsum(
            f * (e - lse([v for v, g in zip(s, w, strict=True) if g])) for f, e in zip(m, s, strict=True)
        ),
        points(m=[[1, 0, 0], [0, 1]], s=[[1e4, 0, 1], [0.5, 1]], w=[[0, 1, 1], [1, 0]]),
        (given(chosen > 0),),
    ),
    "masked attention": Case(
        Sum(mask[i] * exp(c * s[i]) * V[i], i) / scores,
        s[k],
        attended,
        points(
            s=[[1e4, 3e3, 1], [1, 1e4, 2]], mask=[[1, 0, 1], [1, 0, 1]], V=[[1, 2, 3], [1, 2, 3]], c=[0.5, 0.25]
        ),
        (given(scores > 0),),
    ),
    "prior and posterior": Case(
        -log(Sum(p[i] * exp(-m[i] * s[i] ** 2), i)),
        z[k],
        lambda z, m, s: lse(z) - lse([e - f * g**2 for e, f, g in zip(z, m, s, strict=True)]),
        points(z=[[-1e4, 1e4], [2]], m=[[1, 2], [1e8]], s=[[3, 40], [3]]),
    ),
    "nearly 0 by a root": Case(
        c**2 * (sqrt(1 + x**2 / c**2) - 1),
        x,
        lambda c, x: c**2 * (mpmath.sqrt(1 + x**2 / c**2) - 1),
        points(c=[1, 1, 1e-3], x=[1e-9, 1e9, 5]),
        floor=0,
    ),
    "a squashed normal": Case(
        -log(1 - tanh(x) ** 2),
        x,
        lambda x: -mpmath.log(1 - mpmath.tanh(x) ** 2),
        points(x=[30, -30, 1e-9]),
        (given(1 - tanh(x) ** 2 > 0),),
    ),
    "cumulative sum of a plain number": Case(
        Sum(log(Sum((1 - before(j, n)) * exp(z[j]), j)) - z[n], n),
        z[k],
        lambda z: mpmath.fsum(lse(z[n:]) - z[n] for n in range(len(z))),
        points(z=[[1, 2, 0.5], [50, -50]]),
    ),
    "a margin between softplus and its argument": Case(
        softplus(a - b) - (a - b), a, lambda a, b: soft(b - a), points(a=[80, -1e4, 40], b=[0, 0, 0]), floor=0
    ),
}  # fmt: skip


@cache
def functions(name: str, target: str) -> Any:
    case = CASES[name]
    return gradproof.derive(case.loss, wrt=case.wrt, given=case.givens).export(target).functions


def exact(value: Any) -> Any:
    return (
        [exact(v) for v in value] if isinstance(value, list) else value if isinstance(value, int) else mpmath.mpf(value)
    )


def slope(f: Callable[..., Any], given: dict[str, Any], name: str, place: int | None) -> Any:
    """The derivative by a difference, far below rounding."""

    def at(step: Any) -> Any:
        moved = {n: list(v) if isinstance(v, list) else v for n, v in given.items()}
        if place is None:
            moved[name] += step
        else:
            moved[name][place] += step
        return f(**moved)

    size = given[name] if place is None else given[name][place]
    h = mpmath.mpf(10) ** -25 * (abs(size) or mpmath.mpf(10) ** -3)
    return (at(h) - at(-h)) / (2 * h) if size or name != "w" else (at(h) - at(0)) / h


def given_to(f: Any, point: dict[str, Any], target: str) -> dict[str, Any]:
    found = {
        n: v if n == "t" else np.asarray(v, float) for n, v in point.items() if n in inspect.signature(f).parameters
    }
    if target != "torch":
        return found
    import torch

    return {n: torch.as_tensor(v) for n, v in found.items()}


@pytest.mark.parametrize("target", TARGETS, indirect=True)
@pytest.mark.parametrize("name", CASES)
def test_right_at_the_ends(name: str, target: str) -> None:
    case, f = CASES[name], functions(name, target)
    variable = case.wrt.base.name if hasattr(case.wrt, "base") else case.wrt.name  # type: ignore[attr-defined]
    for point in case.points:
        known = {
            n: v if n == "t" else exact([float(e) for e in v] if isinstance(v, list) else float(v))
            for n, v in point.items()
        }
        wanted = float(case.value(**known))
        found = float(f.loss(**given_to(f.loss, point, target)))
        assert abs(found - wanted) <= 2e-14 * abs(wanted) + case.floor, (point, found, wanted)
        places = range(len(point[variable])) if isinstance(point[variable], list) else [None]
        slopes = np.array([float(slope(case.value, known, variable, n)) for n in places])
        grad = np.asarray(f.grad(**given_to(f.grad, point, target))).reshape(slopes.shape)
        assert np.max(np.abs(grad - slopes)) <= 1e-12 * max(1, np.max(np.abs(slopes))), (point, grad, slopes)
