"""Functions for one shard of an axis, which several processes or devices call together.

Contract. The collectives of a split function join the values of all shards.

Blind spot. A collective is called where it is needed; several small ones are not joined.
"""

from __future__ import annotations

from collections.abc import Sequence

from .errors import NotExportable
from .module import Routine
from .splitting import split

NOTE = {
    "torch": """The axis {0} is split over the processes of a group of torch.distributed, in the order of their ranks;
the parts may differ in length, and none is empty. Every process calls the function with its part. What has no axis {0}
must be the same in all, also the upstream gradient of a result without it; class indices count over the whole axis.""",
    "jax": """The axis {0} is split over the devices along axis_name of a mesh: call the functions inside jax.shard_map.
Class indices count over the whole axis; what has no axis {0} must be the same on all devices.""",
}


def sharded(routines: Sequence[Routine], size: str, target: str) -> tuple[Routine, ...]:
    """The functions for one shard of the axis of this size."""
    if target not in NOTE:
        raise NotExportable(f"target {target!r} has no shards", expected=" or ".join(NOTE))
    return split(routines, size)
