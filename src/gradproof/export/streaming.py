"""Functions of an axis that comes in chunks, one after another: what is carried along, and how often they are visited.

Contract. `streamed` splits the axis as for shards, and lets the parts be joined over time. Values that do not have the
axis are carries; those that do are handed out chunk by chunk in a pass of their own. A function makes as many passes as
one sum waits for another, and no more than one where `online` brings it down to that.

Blind spot. Nothing is differentiated: a loss and its gradient are two functions, or one that returns both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .array import Solve, walk
from .carry import CARRIES, Stream, unknowns
from .collective import Merged
from .errors import NotExportable
from .module import Result, Routine, local
from .online import online
from .splitting import split

NOTE = """The axis {0} comes in chunks, of which only one need be in memory. An argument z with this axis is given as
z_chunks: its parts along {0} in their order, in a list or whatever can be gone through anew, or a function that returns
an iterator each time; an iterator itself will do where one pass is made. Chunks may differ in length; none is empty.
What has no axis {0} is given whole; class indices count over the whole axis. {1}"""
VIEWS = """Chunks of a file, as views of it:

    z = np.load("z.npy", mmap_mode="r")
    z_chunks = np.split(z, range(4096, z.shape[-1], 4096), axis=-1)"""
USE = {
    "numpy": VIEWS,
    "torch": """PyTorch records nothing here: the gradient is a function of its own.
Chunks of a file, as views of it:

    z = torch.load("z.pt", mmap=True)
    z_chunks = torch.split(z, 4096, dim=-1)""",
    "jax": VIEWS,
}


def note(size: str, target: str) -> str:
    return NOTE.format(size, USE[target])


def streamed(routines: Sequence[Routine], size: str, target: str) -> tuple[Routine, ...]:
    """The functions of chunks along the axis of this size."""
    if target not in USE:
        raise NotExportable(f"target {target!r} has no streams", expected=" or ".join(USE))
    return tuple(_streamed(r) if r.shard else r for r in split(routines, size))


def _streamed(routine: Routine) -> Routine:
    _refuse_searches(routine)
    stream = stream_of(routine)

    def joined(r: Result) -> Result:
        return replace(r, node=online(r.node, stream))

    groups = tuple(tuple(map(joined, group)) for group in routine.groups)
    return replace(routine, groups=groups, shard="", stream=routine.shard, backward=None)


def stream_of(routine: Routine) -> Stream:
    size = routine.shard or routine.stream
    return Stream(size, frozenset(p.name for p in routine.parameters if local(size) in p.axes))


def _refuse_searches(routine: Routine) -> None:
    for n in routine.nodes():
        if isinstance(n, Solve) and any(unknowns(m) for m in walk(n.gap) if isinstance(m, (*CARRIES, Merged))):
            size = routine.shard
            raise NotExportable(
                f"the axis {size} cannot be streamed here, for an equation is solved that sums along it in every step",
                expected="sums, products, log-sum-exps and look-ups along it, and what is entry by entry",
                advice=f"give {size} whole, or on shards",
            )
