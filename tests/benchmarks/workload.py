"""A loss that is timed: its entry of the catalogue, its arguments, and what else computes the same.

Contract. `calls` has our four targets and the peers, each as a call that gives value and gradient; peers may take the
mean of what ours gives row by row. `agree` stops where two of them differ. Our C comes first.

Blind spot. Peers take the mean, so that they start from one number; ours gives one loss for each row where its entry
says so.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
from report import installed
from timing import Call

import gradproof

OURS, NUMPY, HAND, COPY = "gradproof c", "gradproof numpy", "NumPy by hand", "numpy.copyto"
TORCH, COMPILED, JAX = "PyTorch", "torch.compile", "JAX jit"
PEERS = (HAND, TORCH, COMPILED, JAX)
Loss = Callable[..., Any]


@dataclass(frozen=True)
class Workload:
    """`given` are the arguments of the entry's functions; it is differentiated in those at the places `wrt`."""

    title: str
    entry: str
    given: tuple[Any, ...]
    wrt: tuple[int, ...]
    torch: Loss
    jax: Loss

    def calls(self) -> dict[str, Call]:
        proof = gradproof.catalogue()[self.entry].prove()
        ours = {t: proof.export(t).functions.loss_and_grad for t in ("c", "numpy")}
        found: dict[str, Call] = {f"gradproof {t}": partial(f, *self.given) for t, f in ours.items()}
        if find_spec("by_hand") is not None:
            from by_hand import BY_HAND

            found |= {HAND: partial(BY_HAND[self.entry], *self.given)} if self.entry in BY_HAND else {}
        if installed("torch"):
            found |= self._in_torch(proof.export("torch").functions.loss_and_grad)
        if installed("jax"):
            found |= self._in_jax(proof.export("jax").functions.loss_and_grad)
        return {**found, COPY: self._copy()}

    def _copy(self) -> Call:
        arrays = [self.given[n] for n in self.wrt]
        room = [np.empty_like(a) for a in arrays]
        return lambda: [np.copyto(r, a) for r, a in zip(room, arrays, strict=True)]

    def _in_torch(self, ours: Loss) -> dict[str, Call]:
        import torch

        torch.set_num_threads(len(os.sched_getaffinity(0)))
        tensors = [torch.as_tensor(a) for a in self.given]
        moved = [t.clone().requires_grad_() if n in self.wrt else t for n, t in enumerate(tensors)]

        def differentiated(loss_of: Loss) -> tuple[Any, list[Any]]:
            for n in self.wrt:
                moved[n].grad = None
            loss = loss_of(*moved)
            loss.backward()
            return loss.detach(), [moved[n].grad for n in self.wrt]

        torch._dynamo.reset()  # else it would compile for shapes that vary
        compiled = partial(differentiated, torch.compile(self.torch, dynamic=False))
        calls: dict[str, Call] = {
            "gradproof torch": partial(ours, *tensors),
            TORCH: partial(differentiated, self.torch),
        }
        try:
            compiled()
        except Exception as why:
            print(f"TORCH.COMPILE DOES NOT WORK HERE: {str(why).splitlines()[0]}", file=sys.stderr)
            return calls
        return {**calls, COMPILED: compiled}

    def _in_jax(self, ours: Loss) -> dict[str, Call]:
        import jax
        import jax.numpy as jnp

        arrays = [jnp.asarray(a) for a in self.given]

        def waited(step: Loss) -> Call:
            return lambda: jax.block_until_ready(step(*arrays))

        steps = {"gradproof jax": jax.jit(ours), JAX: jax.jit(jax.value_and_grad(self.jax, argnums=self.wrt))}
        return {name: waited(step) for name, step in steps.items()}


def agree(calls: Mapping[str, Call]) -> None:
    """All compute the same: the mean of the losses, and its gradients."""
    count, loss, slopes = _parts(calls[OURS]())
    for name, call in calls.items():
        if name in (OURS, COPY):
            continue
        other_count, other, others = _parts(call())
        np.testing.assert_allclose(other, loss, rtol=1e-4, err_msg=name)
        for slope, found in zip(slopes, others, strict=True):
            scaled = found * np.float32(count / other_count)
            np.testing.assert_allclose(scaled, slope, atol=3e-5 * float(np.abs(slope).max()), err_msg=name)


def _parts(found: Any) -> tuple[int, float, list[np.ndarray]]:
    """The number of losses, their mean, and the gradients."""
    loss, slopes = found
    loss = np.asarray(loss)
    if isinstance(slopes, Mapping):
        slopes = list(slopes.values())
    many = slopes if isinstance(slopes, list | tuple) else [slopes]
    return loss.size, float(np.mean(loss, dtype=float)), [np.asarray(s) for s in many]
