"""Exported code: its source, and the functions that it defines.

Contract. `emit` lowers and writes; nothing is executed until `Code.functions` is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from gradproof.expression import Array, Index, Symbol

from . import jax, numpy, torch
from .documentation import NOTES
from .errors import NotExportable
from .module import Exported, Target, plan
from .sharding import SHARDED, split

TARGETS: dict[str, Target] = {"numpy": numpy.write, "torch": torch.write, "jax": jax.write}
DIFFERENTIABLE = frozenset({"torch", "jax"})  # those that call the backward functions


@dataclass(frozen=True)
class Code:
    """A written module: `source` stands alone."""

    source: str
    names: tuple[str, ...]

    @cached_property
    def functions(self) -> SimpleNamespace:
        """The functions, by their names."""
        scope: dict[str, Any] = {"__name__": "gradproof_exported"}
        exec(compile(self.source, "<exported by gradproof>", "exec"), scope)
        return SimpleNamespace(**{name: scope[name] for name in self.names})


def emit(
    functions: Sequence[Exported],
    arguments: Sequence[Symbol | Array | Index],
    header: str,
    target: str = "numpy",
    shard: str = "",
) -> Code:
    """A module with these functions; each takes those of the arguments that it needs, in their order.

    shard: the name of a size, the axis of which is split over several processes or devices.
    """
    if target not in TARGETS:
        raise NotExportable(f"no target {target!r}", expected=" or ".join(TARGETS))
    routines = plan(functions, arguments)
    if shard:
        routines = split(routines, shard, target)
    text = "\n\n".join([header.strip(), *NOTES, *([SHARDED[target].format(shard)] if shard else [])])
    return Code(TARGETS[target](routines, text), tuple(f.name for f in functions))
