"""Compiled functions, called on NumPy arrays.

Contract. The arguments are checked as the NumPy target checks them, by the same functions and with the same words. A
contiguous array of the right type is passed as it is; one that is not, or that broadcasts along some of several batch
axes, is copied. The results are new arrays.

Blind spot. float16 is computed, and given back, in float; a wider type than double is refused.
"""

from __future__ import annotations

import ctypes
import inspect
import math
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

from ..array import Argument, walk
from ..documentation import describe
from ..module import Parameter, Result
from ..numpy_helpers import HELPERS
from .compiler import load
from .terms import length
from .write import Function

SMALL = 1 << 17  # fewer entries than this are not worth a second thread


def functions(source: str, offered: Sequence[Function]) -> Mapping[str, Callable[..., Any]]:
    """The functions of a compiled file, by their names."""
    library = load(source)
    return {f.routine.name: _callable(library, f) for f in offered}


@cache
def checks() -> SimpleNamespace:
    """The functions by which the NumPy target checks its arguments."""
    import numpy

    scope: dict[str, Any] = {"np": numpy}
    for name in ("_floats", "_sizes", "_label"):
        exec(HELPERS[name], scope)
    return SimpleNamespace(floats=scope["_floats"], sizes=scope["_sizes"], label=scope["_label"])


def _callable(library: ctypes.CDLL, offered: Function) -> Callable[..., Any]:
    routine = offered.routine
    signature = inspect.Signature(
        [inspect.Parameter(p.name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for p in routine.parameters]
    )
    call = Call(library, offered)

    def function(*args: Any, **kwargs: Any) -> Any:
        return call(signature.bind(*args, **kwargs).arguments)

    function.__name__ = function.__qualname__ = routine.name
    function.__doc__ = describe(routine)
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function


class Call:
    """One function of the library, for both types."""

    def __init__(self, library: ctypes.CDLL, offered: Function) -> None:
        self.offered = offered
        self.parameters = offered.routine.parameters
        self.results = offered.routine.results
        self.entry = {kind: getattr(library, offered.symbol(kind)) for kind in ("float", "double")}
        self.work = compile(offered.work, "<workspace>", "eval")
        self.needed = [_arguments(r) for r in self.results]
        for entry in self.entry.values():
            entry.restype = None

    def __call__(self, given: Mapping[str, Any]) -> Any:
        import numpy as np

        values, sizes = self._checked(given)
        kept = next((v.dtype for p, v in values if not p.label), np.dtype(np.float64))
        if kept.itemsize > 8:
            raise TypeError(f"the target c computes in float and double, found {kept}")
        dtype = kept if kept.itemsize > 2 else np.dtype(np.float32)
        batches = [v.shape[: v.ndim - len(p.axes)] for p, v in values]
        batch = np.broadcast_shapes(*batches)
        rows = math.prod(batch)
        arrays = [_rows(np, v, batch, b, p, dtype) for (p, v), b in zip(values, batches, strict=True)]
        shapes = [batch + tuple(_size(length(a), sizes) for a in r.axes) for r in self.results]
        outs = [np.empty(shape, dtype) for shape in shapes]
        threads = _threads(max((a.size for a, _ in arrays), default=0))
        work = np.empty(max(1, min(threads, rows)) * eval(self.work, {}, sizes), dtype)
        steps = (x for a, step in arrays for x in (ctypes.c_void_p(a.ctypes.data), ctypes.c_ssize_t(step)))
        self.entry["float" if dtype == np.float32 else "double"](
            ctypes.c_int(threads),
            ctypes.c_ssize_t(rows),
            *(ctypes.c_ssize_t(sizes[a]) for a in self.offered.axes),
            *steps,
            *(ctypes.c_void_p(o.ctypes.data) for o in (*outs, work)),
        )
        named = dict(zip((p.name for p, _ in values), batches, strict=True))
        found = [self._own(np, o, n, batch, named) for o, n in zip(outs, self.needed, strict=True)]
        return self._returned([f.astype(kept, copy=False)[()] for f in found])

    def _checked(self, given: Mapping[str, Any]) -> tuple[list[tuple[Parameter, Any]], dict[str, int]]:
        import numpy as np

        check = checks()
        real = [p.name for p in self.parameters if not p.label]
        known = dict(given)
        known.update(zip(real, check.floats(*(given[n] for n in real)), strict=True))
        shaped = {p.name: (np.asarray(known[p.name]), " ".join(p.axes)) for p in self.parameters if p.axes}
        axes = dict.fromkeys(a for p in self.parameters for a in p.axes)
        sizes = dict(zip(map(length, axes), check.sizes(" ".join(axes), **shaped) if shaped else (), strict=True))
        for p in self.parameters:
            if p.label:
                bound = length(p.below) if p.below else self.offered.bounds.get(p.name, "")
                below = int(bound) if bound.isdigit() else sizes.get(bound)
                known[p.name] = check.label(p.name, known[p.name], below)
        return [(p, known[p.name]) for p in self.parameters], sizes

    def _own(self, np: Any, out: Any, needed: frozenset[str], batch: tuple[int, ...], given: dict[str, Any]) -> Any:
        """The result with the batch axes of the arguments that it depends on."""
        own = np.broadcast_shapes(*(b for n, b in given.items() if n in needed))
        if own == batch:
            return out
        lead = len(batch) - len(own)
        place = (0,) * lead + tuple(slice(0, n) for n in own)
        return out[place]

    def _returned(self, found: Sequence[Any]) -> Any:
        """An array or a dict for each group of results."""
        rest = iter(found)
        values = [
            {r.name: next(rest) for r in group} if group[0].name else next(rest)
            for group in self.offered.routine.groups
        ]
        return values[0] if len(values) == 1 else tuple(values)


def _arguments(result: Result) -> frozenset[str]:
    return frozenset(n.name for n in walk(result.node) if isinstance(n, Argument))


def _rows(np: Any, value: Any, batch: Any, own: Any, p: Parameter, dtype: Any) -> tuple[Any, int]:
    """The array as rows, and the step from one to the next."""
    axes = value.shape[value.ndim - len(p.axes) :]
    if math.prod(own) != 1 and own != batch:
        value = np.broadcast_to(value, batch + axes)
        own = batch
    array = np.ascontiguousarray(value, np.int64 if p.label else dtype)
    return array, 0 if math.prod(own) == 1 else math.prod(axes)


def _size(axis: str, sizes: Mapping[str, int]) -> int:
    return int(axis) if axis.isdigit() else sizes[axis]


def _threads(entries: int) -> int:
    if entries < SMALL:
        return 1
    limit = os.environ.get("OMP_NUM_THREADS", "")
    if limit.isdigit() and int(limit):
        return int(limit)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
