"""Exported code: its source, and the functions that it defines.

Contract. `emit` lowers and writes; nothing is executed until `Code.functions` is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from types import ModuleType, SimpleNamespace
from typing import Any

from gradproof.expression import Array, Index, Symbol

from . import c, jax, numpy, sharding, streaming, torch
from .documentation import NOTES
from .errors import NotExportable
from .module import Exported, Routine, Target, plan

Loader = Callable[[str, Sequence[Routine]], Mapping[str, Any]]

TARGETS: dict[str, Target] = {"numpy": numpy.write, "torch": torch.write, "jax": jax.write, "c": c.write}
DIFFERENTIABLE = frozenset({"torch", "jax"})  # those that call the backward functions


@dataclass(frozen=True)
class Code:
    """A written module: `source` stands alone."""

    source: str
    routines: tuple[Routine, ...]
    target: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(r.name for r in self.routines)

    def __getstate__(self) -> dict[str, Any]:
        """What is copied and stored: the functions are made again."""
        return {name: value for name, value in vars(self).items() if name != "functions"}

    @cached_property
    def functions(self) -> SimpleNamespace:
        """The functions, by their names."""
        found = LOADERS.get(self.target, executed)(self.source, self.routines)
        return SimpleNamespace(**{name: found[name] for name in self.names})


def executed(source: str, routines: Sequence[Routine]) -> Mapping[str, Any]:
    """What Python source defines, in a module that is found by its name, as torch.compile looks for it."""
    name = f"gradproof_exported_{sha256(source.encode()).hexdigest()[:16]}"
    module = sys.modules[name] = ModuleType(name)
    exec(compile(source, "<exported by gradproof>", "exec"), module.__dict__)
    return module.__dict__


LOADERS: dict[str, Loader] = {"c": c.load}  # where the source is not Python


def emit(
    functions: Sequence[Exported],
    arguments: Sequence[Symbol | Array | Index],
    header: str,
    target: str = "numpy",
    shard: str = "",
    stream: str = "",
) -> Code:
    """A module with these functions; each takes those of the arguments that it needs, in their order.

    shard: the name of a size, the axis of which is split over several processes or devices;
    stream: or comes in chunks, one after another.
    """
    if target not in TARGETS:
        raise NotExportable(f"no target {target!r}", expected=" or ".join(TARGETS))
    routines = plan(functions, arguments)
    notes = list(NOTES)
    if shard and stream:
        raise NotExportable("an axis is split over shards or streamed, not both", advice="leave one of them out")
    if shard:
        routines = sharding.sharded(routines, shard, target)
        notes.append(sharding.NOTE[target].format(shard))
    if stream:
        routines = streaming.streamed(routines, stream, target)
        notes.append(streaming.note(stream, target))
    return Code(TARGETS[target](routines, "\n\n".join([header.strip(), *notes])), routines, target)
