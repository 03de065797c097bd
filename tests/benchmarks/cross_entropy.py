"""Softmax cross-entropy with integer labels, loss and gradient together, in float32, beside what people use.

The functions are those of C21, the mean over the tokens that count, with every token counting: what
torch.nn.functional.cross_entropy computes. Nothing else should run on the machine.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from report import Ratios, Verdict, conclude, table
from timing import measured
from workload import COPY, JAX, OURS, PEERS, TORCH, Workload, agree

SHAPES = ((65536, 10), (4096, 1000), (128, 32000), (32, 128256))
WANTED = {TORCH: 5.0, JAX: 3.0}  # times slower than C in the geometric mean, at least
CLOSE, MANY = 1.6, 1000  # times numpy.copyto, at most, from so many classes on


def in_torch(z: Any, m: Any, t: Any) -> Any:
    import torch

    del m
    return torch.nn.functional.cross_entropy(z, t)


def in_jax(z: Any, m: Any, t: Any) -> Any:
    import jax
    import jax.numpy as jnp

    del m
    true = jnp.take_along_axis(z, t[:, None], axis=-1)[:, 0]
    return jnp.mean(jax.nn.logsumexp(z, axis=-1) - true)


def workload(rows: int, classes: int) -> Workload:
    rng = np.random.default_rng(0)
    z = (5 * rng.standard_normal((rows, classes))).astype(np.float32)
    given = (z, np.ones(rows, np.float32), rng.integers(0, classes, rows))
    return Workload(f"{rows} x {classes}", "C21", given, (0,), in_torch, in_jax)


def main(rounds: int) -> None:
    ratios, verdicts = Ratios(), []
    print("softmax cross-entropy, loss and gradient, float32")
    for rows, classes in SHAPES:
        work = workload(rows, classes)
        calls = work.calls()
        agree(calls)
        times = measured(calls, rounds)
        table(work.title, times)
        ratios.add(times)
        ours, peers = times[OURS].median, {n: times[n].median for n in PEERS if n in times}
        for name in sorted(peers, key=lambda n: peers[n])[:1]:
            text = f"{work.title}: {name}, the fastest peer, {peers[name] / ours:.2f} times C, wanted 1"
            verdicts.append(Verdict(peers[name] >= ours, text))
        if classes >= MANY:
            ratio = ours / times[COPY].median
            verdicts.append(Verdict(ratio <= CLOSE, f"{work.title}: C {ratio:.2f} times {COPY}, wanted {CLOSE}"))
    ratios.show()
    for name, wanted in WANTED.items():
        if name in ratios.found:
            found = ratios.mean(name)
            verdicts.append(Verdict(found >= wanted, f"geometric mean: {name} {found:.2f} times C, wanted {wanted}"))
    conclude(verdicts)
