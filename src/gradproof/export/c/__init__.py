"""The C target: array expressions as one C99 file, and the compiled functions called on NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..module import Routine
from .compiler import NoCompiler as NoCompiler
from .write import written

__all__ = ["NoCompiler", "load", "write"]


def write(routines: Sequence[Routine], header: str) -> str:
    """The source of a file with these functions."""
    return written(routines, header)[0]


def load(source: str, routines: Sequence[Routine]) -> Mapping[str, Callable[..., Any]]:
    """The functions of the source, compiled."""
    from .runtime import functions

    return functions(source, written(routines, "")[1])
