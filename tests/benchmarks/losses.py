"""Five more losses, value and gradient together, in float32, beside what people use.

Binary cross-entropy with logits, reverse KL in logits, distillation at a temperature, InfoNCE over a similarity matrix,
and DPO over pairs. The peers compute the mean over rows, ours one loss for each row. Nothing else should run.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from report import Ratios, Verdict, conclude, installed, table
from timing import measured
from workload import COMPILED, HAND, JAX, NUMPY, TORCH, Workload, agree

import gradproof

Loss = Callable[..., Any]
ENTRIES = ("C23", "D02", "D26", "E01", "F03")
ROWS, CLASSES, PAIRS = 4096, 1000, 1_000_000


def torch_losses() -> dict[str, Loss]:
    import torch
    import torch.nn.functional as f

    def kl(a: Any, p: Any) -> Any:
        return f.kl_div(torch.log(p), f.log_softmax(a, -1), log_target=True, reduction="batchmean")

    def distil(z: Any, al: Any, T: Any, v: Any, t: Any) -> Any:
        soft = f.kl_div(f.log_softmax(z / T, -1), f.log_softmax(v / T, -1), log_target=True, reduction="batchmean")
        return al * f.cross_entropy(z, t) + (1 - al) * T * T * soft

    return {
        "C23": f.binary_cross_entropy_with_logits,
        "D02": kl,
        "D26": distil,
        "E01": lambda s, tau: f.cross_entropy(s / tau, torch.zeros(len(s), dtype=torch.int64)),
        "F03": lambda a, beta, b: -f.logsigmoid(beta * (a - b)).mean(),
    }


def jax_losses() -> dict[str, Loss]:
    import jax
    import jax.numpy as jnp

    logp = partial(jax.nn.log_softmax, axis=-1)

    def kl(a: Any, p: Any) -> Any:
        q = logp(a)
        return jnp.mean(jnp.sum(jnp.exp(q) * (q - jnp.log(p)), -1))

    def distil(z: Any, al: Any, T: Any, v: Any, t: Any) -> Any:
        q, p = logp(z / T), logp(v / T)
        hard = -jnp.take_along_axis(logp(z), t[:, None], -1)[:, 0]
        return jnp.mean(al * hard + (1 - al) * T * T * jnp.sum(jnp.exp(p) * (p - q), -1))

    return {
        "C23": lambda z, y: jnp.mean(jax.nn.softplus(z) - z * y),
        "D02": kl,
        "D26": distil,
        "E01": lambda s, tau: -jnp.mean(logp(s / tau)[:, 0]),
        "F03": lambda a, beta, b: -jnp.mean(jax.nn.log_sigmoid(beta * (a - b))),
    }


def inputs(entry: str, rng: np.random.Generator) -> tuple[list[Any], tuple[int, ...]]:
    """The arguments, and the places of those that are differentiated."""
    z, v = ((5 * rng.standard_normal((ROWS, CLASSES))).astype(np.float32) for _ in range(2))
    p = np.exp(v) / np.exp(v).sum(-1, keepdims=True)
    one = np.float32
    a, b = (rng.standard_normal(PAIRS).astype(np.float32) for _ in range(2))
    return {
        "C23": ([z, (v > 0).astype(np.float32)], (0,)),
        "D02": ([z, p], (0,)),
        "D26": ([z, one(0.5), one(2), v, rng.integers(0, CLASSES, ROWS)], (0,)),
        "E01": ([z, one(0.1)], (0,)),
        "F03": ([a, one(0.1), b], (0, 2)),
    }[entry]


NOISE = 1.05  # how far a ratio of medians may be off on a quiet machine


def workloads() -> list[Workload]:
    in_torch = torch_losses() if installed("torch") else {}
    in_jax = jax_losses() if installed("jax") else {}
    found = []
    for entry in ENTRIES:
        given, wrt = inputs(entry, np.random.default_rng(0))
        title = f"{entry}  {gradproof.catalogue()[entry].statement.title}"
        found.append(Workload(title, entry, tuple(given), wrt, in_torch.get(entry, none), in_jax.get(entry, none)))
    return found


def none(*given: Any) -> Any:
    """In the place of a loss of a library that is not there: nobody calls it."""
    raise ModuleNotFoundError("the library of this peer is not installed")


def main(rounds: int) -> None:
    ratios, verdicts = Ratios(), []
    print("five more losses, value and gradient, float32")
    for work in workloads():
        calls = work.calls()
        agree(calls)
        times = measured(calls, rounds)
        table(work.title, times)
        ratios.add(times)
        if HAND in times:
            ratio = times[NUMPY].median / times[HAND].median
            text = f"{work.entry}: {NUMPY} {ratio:.2f} times {HAND}, wanted 1, within {NOISE}"
            verdicts.append(Verdict(ratio <= NOISE, text))
    ratios.show()
    for name in (TORCH, COMPILED, JAX):
        if name in ratios.found:
            found = ratios.mean(name)
            verdicts.append(Verdict(found >= 1, f"geometric mean: {name} {found:.2f} times C, wanted more than 1"))
    if HAND in ratios.found:
        ratio = ratios.mean(NUMPY) / ratios.mean(HAND)
        verdicts.append(Verdict(ratio <= 1, f"geometric mean: {NUMPY} {ratio:.2f} times {HAND}, wanted at most 1"))
    conclude(verdicts)
