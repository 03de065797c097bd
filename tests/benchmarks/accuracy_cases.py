"""What the accuracy tables measure: functions of the catalogue, and inputs in three ranges.

Contract. A case says how each argument is drawn; logits are drawn at random in [-50, 50], near certainty, and far
apart. Values are rounded to the type they are given in, so that they are exact there.

Blind spot. Inputs are drawn, not searched for: the worst error of a function may be larger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

K, TOKENS = 10, 5
RANGES = ("random", "near p = 1", "far apart")
Rng = np.random.Generator
Draw = Callable[[Rng, int, str], np.ndarray]


def _logits(rng: Rng, shape: tuple[int, ...], kind: str, largest: float = 1000.0) -> np.ndarray:
    if kind == "random":
        return rng.uniform(-min(50.0, largest), min(50.0, largest), shape)
    if kind == "far apart":
        return rng.choice([-1.0, 1.0], shape) * largest * 10.0 ** rng.uniform(-3, 0, shape)
    if len(shape) == 1:
        return rng.choice([-1.0, 1.0], shape) * rng.uniform(2, min(40.0, largest), shape)
    z = rng.uniform(-1, 1, shape)
    z[..., 0] += rng.uniform(2, 40, shape[:-1])
    return z


def logits(rng: Rng, rows: int, kind: str) -> np.ndarray:
    return _logits(rng, (rows, K), kind)


def logit(rng: Rng, rows: int, kind: str) -> np.ndarray:
    return _logits(rng, (rows,), kind)


def few_logits(rng: Rng, rows: int, kind: str) -> np.ndarray:
    """An array of one entry: a loss that is a mean over entries is then one of a number."""
    return _logits(rng, (rows,), kind)[:, None]


def exponents(rng: Rng, rows: int, kind: str) -> np.ndarray:
    """Numbers whose exponential is finite in float32, too."""
    return _logits(rng, (rows,), kind, largest=40.0)[:, None]


def small_exponent(rng: Rng, rows: int, kind: str) -> np.ndarray:
    """Differences of log-probabilities, many of them near 0."""
    return rng.choice([-1.0, 1.0], rows) * 10.0 ** rng.uniform(-9, 1, rows)


def labels(rng: Rng, rows: int, kind: str) -> np.ndarray:
    """Half of them the class that stands out near certainty."""
    return np.where(rng.random(rows) < 0.5, 0, rng.integers(0, K, rows))


def tokens(rng: Rng, rows: int, kind: str) -> np.ndarray:
    return _logits(rng, (rows, TOKENS, K), kind)


def mask(rng: Rng, rows: int, kind: str) -> np.ndarray:
    """At least one token counts."""
    found = rng.integers(0, 2, (rows, TOKENS)).astype(float)
    found[:, 0] = 1
    return found


def classes(rng: Rng, rows: int, kind: str) -> np.ndarray:
    return np.stack([labels(rng, rows, kind) for _ in range(TOKENS)], axis=-1)


def binary(rng: Rng, rows: int, kind: str) -> np.ndarray:
    return rng.integers(0, 2, (rows, 1)).astype(float)


def one_hot(rng: Rng, rows: int, kind: str) -> np.ndarray:
    return np.eye(K)[labels(rng, rows, kind)]


def distribution(rng: Rng, rows: int, kind: str) -> np.ndarray:
    e = np.exp(rng.normal(0, 2, (rows, K)))
    return e / e.sum(-1, keepdims=True)


def number(value: float) -> Draw:
    return lambda rng, rows, kind: np.full(rows, value)


@dataclass(frozen=True, eq=False)
class Case:
    """An entry of the catalogue or a term of the stress tests, how its arguments are drawn, and the sizes of a row."""

    entry: str
    draws: Mapping[str, Draw]
    value: str = "loss"  # the function beside the gradient
    part: str = ""  # of its result, where that has several
    sizes: Mapping[str, int] = field(default_factory=lambda: {"K": K, "N": K})


ONE = {"K": 1, "J": 1}
CASES = {
    "softmax": Case("A11", {"z": logits}, "fun"),
    "log-softmax": Case("A23", {"z": logits}, "fun"),
    "log-sum-exp": Case("lse", {"z": logits}, "value"),
    "cross-entropy": Case("A12", {"z": logits, "y": one_hot}),
    "mean cross-entropy": Case("C21", {"Z": tokens, "m": mask, "T": classes}, sizes={"K": K, "N": TOKENS}),
    "label smoothing": Case("C13", {"z": logits, "alpha": number(0.125), "t": labels}),
    "temperature": Case("A17", {"z": logits, "y": one_hot, "tau": number(0.3)}),
    "softplus": Case("H04", {"x": few_logits}, sizes=ONE),
    "sigmoid": Case("H06", {"x": few_logits}, sizes=ONE),
    "log-sigmoid": Case("logsigmoid", {"a": logit}, "value"),
    "log(e^a + e^b)": Case("H09", {"a": logit, "b": logit}, sizes=ONE),
    "binary cross-entropy": Case("B02", {"z": few_logits, "y": binary}, sizes=ONE),
    "forward KL": Case("D01", {"a": logits, "p": distribution}),
    "reverse KL": Case("D02", {"a": logits, "p": distribution}),
    "entropy": Case("H21", {"a": logits, "b": logits}, "lhs", "claim 1"),
    "KL in logits": Case("H21", {"a": logits, "b": logits}, "lhs", "claim 2"),
    "distillation": Case("D26", {"z": logits, "al": number(0.25), "T": number(3.0), "v": logits, "t": labels}),
    "InfoNCE": Case("E01", {"s": logits, "tau": number(0.1)}),
    "DPO": Case("F03", {"a": logit, "beta": number(0.1), "b": logit}),
    "k3": Case("k3", {"a": small_exponent}, "value"),
    "Gaussian KL": Case("D18", {"mu": exponents, "s": exponents}, sizes=ONE),
    "focal loss": Case("C20", {"x": logit, "at": number(0.25), "y": number(1.0), "gamma": number(2.0)}),
}


def drawn(case: Case, rows: int, kind: str, seed: int = 0) -> dict[str, Any]:
    """The arguments, in double."""
    rng = np.random.default_rng([seed, RANGES.index(kind)])
    return {name: draw(rng, rows, kind) for name, draw in case.draws.items()}
