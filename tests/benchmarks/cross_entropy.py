"""Softmax cross-entropy with integer labels, loss and gradient together, in float32, beside what people use.

    python tests/benchmarks/cross_entropy.py [REPEATS]

The functions are those of C21, the mean over the tokens that count, with every token counting: what
torch.nn.functional.cross_entropy computes. Every round runs each of them once; shown are medians in milliseconds, and
how many times slower each is than C. Peers that are not installed are named and left out. Nothing else should run.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from statistics import geometric_mean, median
from typing import Any

import numpy as np

import gradproof

SHAPES = ((65536, 10), (4096, 1000), (128, 32000), (32, 128256))
OURS, COPY = "C", "numpy.copyto"
WANTED = {"torch": 5.0, "jax": 3.0}  # times slower than C in the geometric mean, at least
CLOSE = 1.6  # times numpy.copyto, at most, where classes are many

Call = Callable[[], Any]


def by_hand(z: Any, t: Any) -> tuple[Any, Any]:
    """NumPy as one would write it with care."""
    n = np.arange(len(t))
    d = z - z.max(axis=-1, keepdims=True)
    true = d[n, t]
    np.exp(d, out=d)
    total = d.sum(axis=-1, keepdims=True)
    loss = np.mean(np.log(total[:, 0]) - true)
    d /= total * np.float32(len(t))
    d[n, t] -= np.float32(1 / len(t))
    return loss, d


def in_torch(z: Any, t: Any) -> dict[str, Call]:
    if find_spec("torch") is None:
        print("torch IS NOT INSTALLED: left out", file=sys.stderr)
        return {}
    import torch

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    logits, labels = torch.from_numpy(z).requires_grad_(), torch.from_numpy(t)

    def eager(loss_of: Callable[..., Any]) -> tuple[Any, Any]:
        logits.grad = None
        loss = loss_of(logits, labels)
        loss.backward()
        return loss.detach().numpy(), logits.grad.numpy()

    calls = {"torch": partial(eager, torch.nn.functional.cross_entropy)}
    compiled = partial(eager, torch.compile(torch.nn.functional.cross_entropy))
    try:
        compiled()
    except Exception as why:
        print(f"torch.compile DOES NOT WORK here: {str(why).splitlines()[0]}", file=sys.stderr)
        return calls
    return {**calls, "torch.compile": compiled}


def in_jax(z: Any, t: Any) -> dict[str, Call]:
    if find_spec("jax") is None:
        print("jax IS NOT INSTALLED: left out", file=sys.stderr)
        return {}
    import jax
    import jax.numpy as jnp

    def loss(logits: Any, labels: Any) -> Any:
        true = jnp.take_along_axis(logits, labels[:, None], axis=-1)[:, 0]
        return jnp.mean(jax.nn.logsumexp(logits, axis=-1) - true)

    step, logits, labels = jax.jit(jax.value_and_grad(loss)), jnp.asarray(z), jnp.asarray(t)
    return {"jax": lambda: jax.block_until_ready(step(logits, labels))}


def measured(calls: dict[str, Call], repeats: int) -> dict[str, float]:
    """Milliseconds by name, each the median of the rounds after two that warm up."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for n in range(repeats + 2):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            if n >= 2:
                times[name].append(1000 * (time.perf_counter() - start))
    return {name: median(t) for name, t in times.items()}


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    proof = gradproof.catalogue()["C21"].prove()
    compiled, plain = proof.export("c").functions, proof.export("numpy").functions
    slower: dict[str, list[float]] = {}
    rng = np.random.default_rng(0)
    verdicts = []
    for rows, classes in SHAPES:
        z = (5 * rng.standard_normal((rows, classes))).astype(np.float32)
        t, m, copy = rng.integers(0, classes, rows), np.ones(rows, np.float32), np.empty_like(z)
        calls: dict[str, Call] = {
            OURS: partial(compiled.loss_and_grad, z, m, t),
            "numpy": partial(plain.loss_and_grad, z, m, t),
            "by hand": partial(by_hand, z, t),
            COPY: partial(np.copyto, copy, z),
            **in_torch(z, t),
            **in_jax(z, t),
        }
        check(calls)
        times = measured(calls, repeats)
        print(f"\n{rows} x {classes}")
        for name, ms in times.items():
            print(f"  {name:14} {ms:9.3f} ms  {ms / times[OURS]:7.2f} times C")
            slower.setdefault(name, []).append(ms / times[OURS])
        peers = [n for n in times if n not in (OURS, COPY)]
        verdicts.append((all(times[n] >= times[OURS] for n in peers), f"{rows} x {classes}: C is the fastest"))
        if classes >= 1000:
            ratio = times[OURS] / times[COPY]
            verdicts.append((ratio <= CLOSE, f"{rows} x {classes}: {ratio:.2f} times {COPY}, wanted {CLOSE}"))
    print("\ngeometric means")
    for name, ratios in slower.items():
        print(f"  {name:14} {geometric_mean(ratios):7.2f} times C")
    for name, wanted in WANTED.items():
        if name in slower:
            found = geometric_mean(slower[name])
            verdicts.append((found >= wanted, f"{name}: {found:.2f} times C, wanted {wanted}"))
    for good, text in verdicts:
        print(f"{'ok      ' if good else 'NOT MET '} {text}")


def check(calls: dict[str, Call]) -> None:
    """All compute the same."""
    loss, grad = (np.asarray(v) for v in calls[OURS]())
    for name, call in calls.items():
        if name not in (OURS, COPY):
            other, slope = (np.asarray(v) for v in call())
            np.testing.assert_allclose(loss, other, rtol=1e-5, err_msg=name)
            np.testing.assert_allclose(grad, slope, atol=1e-5 * float(np.abs(slope).max()), err_msg=name)


if __name__ == "__main__":
    main()
