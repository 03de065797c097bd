"""Five more losses, value and gradient together, in float32, beside eager PyTorch, JAX's jit and our NumPy code.

    python tests/benchmarks/losses.py [REPEATS]

Binary cross-entropy with logits, reverse KL in logits, distillation at a temperature, InfoNCE over a similarity matrix,
and DPO over pairs. Every round runs each of them once; shown are medians in milliseconds and how many times slower each
is than C. The peers compute the mean over rows, ours one loss for each row. Nothing else should run.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from statistics import geometric_mean
from typing import Any

import numpy as np
from cross_entropy import OURS, Call, measured

import gradproof

Loss = Callable[..., Any]
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


def in_torch(loss: Loss, given: list[Any], wrt: tuple[int, ...]) -> Call:
    import torch

    tensors = [torch.as_tensor(a) for a in given]
    for n in wrt:
        tensors[n].requires_grad_()

    def call() -> Any:
        for n in wrt:
            tensors[n].grad = None
        loss(*tensors).backward()

    return call


def in_jax(loss: Loss, given: list[Any], wrt: tuple[int, ...]) -> Call:
    import jax
    import jax.numpy as jnp

    step = jax.jit(jax.value_and_grad(loss, argnums=wrt))
    arrays = [jnp.asarray(a) for a in given]
    return lambda: jax.block_until_ready(step(*arrays))


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    peers = {"torch": (torch_losses, in_torch), "jax": (jax_losses, in_jax)}
    for name in [n for n in peers if find_spec(n) is None]:
        print(f"{name} IS NOT INSTALLED: left out", file=sys.stderr)
        del peers[name]
    known = {name: losses() for name, (losses, _) in peers.items()}
    slower: dict[str, list[float]] = {}
    for entry in ("C23", "D02", "D26", "E01", "F03"):
        proof = gradproof.catalogue()[entry].prove()
        given, wrt = inputs(entry, np.random.default_rng(0))
        calls: dict[str, Call] = {
            OURS: partial(proof.export("c").functions.loss_and_grad, *given),
            "numpy": partial(proof.export("numpy").functions.loss_and_grad, *given),
            **{name: run(known[name][entry], given, wrt) for name, (_, run) in peers.items()},
        }
        times = measured(calls, repeats)
        print(f"\n{entry}  {proof.statement.title}")
        for name, ms in times.items():
            print(f"  {name:8} {ms:9.3f} ms  {ms / times[OURS]:7.2f} times C")
            slower.setdefault(name, []).append(ms / times[OURS])
    print("\ngeometric means")
    for name, ratios in slower.items():
        print(f"  {name:8} {geometric_mean(ratios):7.2f} times C")


if __name__ == "__main__":
    main()
