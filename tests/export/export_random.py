"""Losses made at random from softmaxes, their logarithms and other arrays along two axes, and inputs for them."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from gradproof.expression import Array, Expr, Index, Symbol
from gradproof.notation import (
    POSITIVE,
    Sum,
    define,
    distribution,
    exp,
    index,
    indices,
    log,
    matrix,
    scalar,
    size,
    softmax,
    vector,
)

N, K = size("N"), size("K")
n, r = indices("n r", N)
k, j = indices("k j", K)
t = index("t", K)
Z, z, v = matrix("Z", N, K), vector("z", K), vector("v", K)
y, w, u, tau = distribution("y", K), vector("w", K, POSITIVE), vector("u", N), scalar("tau", POSITIVE)
ARGUMENTS: tuple[Symbol | Array | Index, ...] = (Z, z, v, y, w, u, tau, t)

p, q = softmax(z), softmax(v, name="q")
rows = define("P", n, k, exp(Z[n, k] / tau) / Sum(exp(Z[n, j] / tau), j))
columns = define("C", n, k, exp(Z[n, k]) / Sum(exp(Z[r, k]), r))
weighted = define("W", k, w[k] * exp(z[k]) / Sum(w[j] * exp(z[j]), j))
SHARES = (p[k], q[k], weighted[k], p[t])
OF_CLASSES = (*SHARES, *map(log, SHARES), y[k], z[k], 2 * y[k])
ROW_SHARES = (rows[n, k], rows[n, t], columns[n, k])
OF_ROWS = (*ROW_SHARES, *map(log, ROW_SHARES), u[n], Z[n, k])


def loss(seed: int) -> tuple[Expr, tuple[Index, ...]]:
    """A term and its output axes."""
    chance = random.Random(seed)
    form = chance.randrange(6)
    body = _body(chance, chance.choice((1, 2, 2, 3)), with_rows=form in (1, 2, 3, 5))
    forms: tuple[tuple[Expr, tuple[Index, ...]], ...] = (
        (Sum(body, k), ()),
        (Sum(body, k), (n,)),
        (Sum(Sum(body, k), n), ()),
        (Sum(Sum(body, n), k) / N, ()),
        (Sum(_body(chance, 1, False) * Sum(body, k), k), ()),  # one sum waits for another
        (Sum(body, n), (k,)),
    )
    return forms[form]


def _body(chance: random.Random, depth: int, with_rows: bool) -> Expr:
    if depth == 0:
        return chance.choice((*OF_CLASSES, *OF_ROWS, *OF_ROWS) if with_rows else OF_CLASSES)
    first, operation = _body(chance, depth - 1, with_rows), chance.randrange(6)
    if operation < 3:
        second = _body(chance, depth - 1, with_rows)
        return (first + second, first - second, first * second)[operation]
    if operation == 3:
        return first / chance.choice((tau, 2, K, 3))
    return first * chance.choice((p[k], rows[n, k] if with_rows else q[k])) if operation == 4 else first**2


def inputs(seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {
        "Z": rng.normal(size=(3, 6)) * 3,
        "z": rng.normal(size=6) * 3,
        "v": rng.normal(size=6),
        "y": rng.dirichlet(np.ones(6)),
        "w": rng.uniform(0.5, 2, 6),
        "u": rng.normal(size=3),
        "tau": np.asarray(rng.uniform(0.5, 2)),
        "t": np.asarray(rng.integers(6)),
    }
