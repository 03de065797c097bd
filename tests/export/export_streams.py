"""Calls of functions of chunks, from the inputs of the function of the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from export_shards import leaves

from gradproof.export import Exported, emit
from gradproof.export.module import Routine, local

PASSES = {"once": 1, "twice": 2, "three times": 3}


@dataclass(frozen=True)
class Streamed:
    """One function whose axis `size` comes in chunks."""

    routine: Routine
    function: Any
    source: str

    @property
    def passes(self) -> int:
        (often,) = re.findall(r"Goes through the chunks (once|twice|\d+ times|three times)", self.source)
        return PASSES.get(often) or int(often.split()[0])

    def split(self, values: dict[str, Any], lengths: Sequence[int]) -> dict[str, Any]:
        """The arguments, those with the axis as lists of chunks; 0 stands for what is left."""
        part = local(self.routine.stream)
        found = {}
        for p in self.routine.parameters:
            value = values[p.name]
            if part not in p.axes:
                found[p.name] = value
                continue
            axis = p.axes.index(part) - len(p.axes)
            cuts = [int(c) for c in np.cumsum(lengths) if 0 < c < value.shape[axis]]
            found[f"{p.name}_chunks"] = _split(value, cuts, axis)
        return found

    def joined(self, found: Any) -> list[Any]:
        """The results, those in chunks put together."""
        part = local(self.routine.stream)
        results = [r for g in self.routine.groups for r in sorted(g, key=lambda r: r.name)]
        assert len(leaves(found)) == len(results)
        return [
            _together(value, r.axes.index(part) - len(r.axes)) if part in r.axes else value
            for value, r in zip(leaves(found), results, strict=True)
        ]


def _split(value: Any, cuts: list[int], axis: int) -> list[Any]:
    if type(value).__module__ == "torch":
        return list(value.tensor_split(cuts, dim=axis))
    return np.split(value, cuts, axis=axis)


def _together(value: Iterator[Any], axis: int) -> Any:
    assert iter(value) is value
    parts = list(value)
    assert parts
    whole = np.broadcast_shapes(*(_without(np.shape(p), axis) for p in parts))
    spread = [np.broadcast_to(np.asarray(p), _with(whole, axis, np.shape(p)[axis])) for p in parts]
    return np.concatenate(spread, axis=axis)


def _without(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return shape[: len(shape) + axis] + shape[len(shape) + axis + 1 :]


def _with(shape: tuple[int, ...], axis: int, length: int) -> tuple[int, ...]:
    at = len(shape) + axis + 1
    return (*shape[:at], length, *shape[at:])


def streamed(f: Exported, arguments: Sequence[Any], size: str, target: str = "numpy") -> Streamed:
    """Raises NotExportable where the function does not stream."""
    code = emit([f], arguments, "a test", target, stream=size)
    return Streamed(code.routines[0], getattr(code.functions, f.name), code.source)
