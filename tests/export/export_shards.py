"""One shard's part of the work, in a process that knows nothing of gradproof: run as a script by test_sharding.

    python export_shards.py torch RANK FOLDER      one of the processes of a group
    python export_shards.py jax 0 FOLDER           the devices of one process

FOLDER holds cases.pickle: for each case its source and call (function, arguments, the axis along which each is split or
None, variables, upstream gradient, the axis of the result), and the lengths of the shards. Results go to FOLDER/RANK.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np


def defined(source: str) -> dict[str, Any]:
    scope: dict[str, Any] = {"__name__": "exported"}
    exec(compile(source, "<exported>", "exec"), scope)
    return scope


def part(value: Any, axis: int | None, lengths: list[int], rank: int) -> Any:
    if axis is None:
        return value
    return np.split(np.asarray(value), np.cumsum(lengths)[:-1], axis=axis)[rank]


def leaves(value: Any) -> list[Any]:
    """The arrays in nested tuples and dicts, in order."""
    if isinstance(value, dict):
        return [a for n in sorted(value) for a in leaves(value[n])]
    return [a for v in value for a in leaves(v)] if isinstance(value, tuple | list) else [value]


def torch_call(case: dict[str, Any], scope: dict[str, Any], rank: int) -> list[Any]:
    import torch

    f, lengths = scope[case["function"]], case["lengths"]
    given = [torch.as_tensor(part(v, a, lengths, rank)) for v, a in zip(case["arguments"], case["axes"], strict=True)]
    for n in case["variables"]:
        given[n] = given[n].clone().requires_grad_()
    found = f(*given) if case["plain"] else f(*given, group=None)
    if not case["variables"]:
        return [r.detach().numpy() for r in leaves(found)]
    upstream = torch.as_tensor(part(case["upstream"], case["result"], lengths, rank))
    found.backward(upstream)
    return [found.detach().numpy(), *(given[n].grad.numpy() for n in case["variables"])]


def run_torch(cases: list[dict[str, Any]], rank: int, folder: Path) -> list[Any]:
    import torch.distributed as dist

    shards = len(cases[0]["lengths"])
    dist.init_process_group("gloo", init_method=f"file://{folder / 'meeting'}", rank=rank, world_size=shards)
    scopes: dict[str, Any] = {}
    found = [torch_call(c, scopes.setdefault(c["source"], defined(c["source"])), rank) for c in cases]
    dist.destroy_process_group()
    return found


def run_jax(cases: list[dict[str, Any]]) -> list[Any]:
    import jax
    from jax.sharding import PartitionSpec

    jax.config.update("jax_enable_x64", True)
    mesh = jax.sharding.Mesh(np.array(jax.devices()), ("shard",))

    def spec(axis: int | None) -> Any:
        return PartitionSpec() if axis is None else PartitionSpec(*[None] * axis, "shard")

    found = []
    scopes: dict[str, Any] = {}
    for c in cases:
        f = scopes.setdefault(c["source"], defined(c["source"]))[c["function"]]
        inner = f if c["plain"] else lambda *a, f=f: f(*a, "shard")
        given = [jax.numpy.asarray(v) for v in c["arguments"]]
        whole = jax.shard_map(
            inner,
            mesh=mesh,
            in_specs=tuple(map(spec, c["axes"])),
            out_specs=jax.tree.map(spec, c["results"], is_leaf=lambda a: a is None),
        )
        if c["variables"]:

            def both(*a: Any, whole: Any = whole, case: Any = c) -> Any:
                def moved(*moving: Any) -> Any:
                    changed = dict(zip(case["variables"], moving, strict=True))
                    return whole(*(changed.get(n, x) for n, x in enumerate(a)))

                value, pull = jax.vjp(moved, *(a[n] for n in case["variables"]))
                return value, list(pull(jax.numpy.asarray(case["upstream"])))

            values = [np.asarray(v) for v in leaves(jax.jit(both)(*given))]
        else:
            values = [np.asarray(v) for v in leaves(jax.jit(whole)(*given))]
        found.append(values)
    return found


if __name__ == "__main__":
    library, rank, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    cases = pickle.loads((folder / "cases.pickle").read_bytes())
    found = run_jax(cases) if library == "jax" else run_torch(cases, rank, folder)
    (folder / str(rank)).write_bytes(pickle.dumps(found))
