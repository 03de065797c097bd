"""Compiled functions, called on NumPy arrays.

Contract. The arguments are checked as the NumPy target checks them, by the same functions and with the same words. A
contiguous array of the right type is passed as it is; one that is not, or that broadcasts along some of several batch
axes, is copied. The results are new arrays, or those that are given as `out`: otherwise results of more than 32 MB
come from fresh pages of the system, which can take as long as the loss itself.

Blind spot. float16 is computed, and given back, in float; a wider type than double is refused.
"""

from __future__ import annotations

import ctypes
import inspect
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any

from ..array import Argument, walk
from ..documentation import describe
from ..module import Parameter, Result
from ..numpy_helpers import HELPERS
from .compiler import load
from .terms import length
from .words import argument
from .write import Function

OUT = "With out=, arrays built like what is returned, the results are written into them."
SMALL = 1 << 17  # fewer entries than this are not worth a second thread
PROCESS = os.getpid()  # the threads of OpenMP do not survive a fork: a child that asks for them would wait for ever


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
    call, wanted = Call(library, offered), len(routine.parameters)

    def function(*args: Any, **kwargs: Any) -> Any:
        out = None if "out" in signature.parameters else kwargs.pop("out", None)
        return call(args if len(args) == wanted and not kwargs else signature.bind(*args, **kwargs).args, out)

    function.__name__ = function.__qualname__ = routine.name
    function.__doc__ = f"{describe(routine)}\n{OUT}"
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function


@dataclass(frozen=True)
class Rows:
    """How an argument is passed: the shape it is broadcast to, its type, and the step between rows."""

    shape: tuple[int, ...]
    dtype: Any
    step: int


@dataclass(frozen=True)
class Layout:
    """What follows from the shapes and types of the arguments alone."""

    kept: Any  # the type that results are returned in
    dtype: Any  # the type that is computed in
    counts: tuple[int, ...]  # of rows, and the lengths of axes
    rows: tuple[Rows, ...]
    below: tuple[int | None, ...]  # what the labels among the arguments stay below
    shapes: tuple[tuple[int, ...], ...]  # of the results
    own: tuple[Any, ...]  # the part of a result that has the batch axes of its own arguments
    entries: int  # of the largest argument
    work: int  # numbers for each thread


class Call:
    """One function of the library, for both types."""

    def __init__(self, library: ctypes.CDLL, offered: Function) -> None:
        self.offered = offered
        self.parameters = offered.routine.parameters
        self.results = offered.routine.results
        self.real = [n for n, p in enumerate(self.parameters) if not p.label]
        self.labels = [n for n, p in enumerate(self.parameters) if p.label]
        self.needed = [_places(r, self.parameters) for r in self.results]
        self.layout = lru_cache(maxsize=256)(self._layout)
        self.entry = {kind[0]: getattr(library, offered.symbol(kind)) for kind in ("float", "double")}
        size, pointer = ctypes.c_ssize_t, ctypes.c_void_p
        given, results = [pointer, size] * len(self.parameters), [pointer] * len(self.results)
        for entry in self.entry.values():
            entry.restype = None
            entry.argtypes = [ctypes.c_int, size, *[size] * len(offered.axes), *given, *results, pointer]

    def __call__(self, given: Sequence[Any], out: Any = None) -> Any:
        import numpy as np

        check = checks()
        values = [np.asarray(v) for v in given] if self.labels else list(given)
        for n, value in zip(self.real, check.floats(*(given[n] for n in self.real)), strict=True):
            values[n] = value
        layout = self.layout(tuple((v.shape, v.dtype) for v in values))
        for n, below in zip(self.labels, layout.below, strict=True):
            values[n] = check.label(self.parameters[n].name, values[n], below)
        arrays = [_rows(np, v, how) for v, how in zip(values, layout.rows, strict=True)]
        if out is None:
            outs = [np.empty(shape, layout.dtype) for shape in layout.shapes]
        else:
            outs = self._places(np, out, layout, arrays)
        threads = _threads(layout.entries)
        work = np.empty(max(1, min(threads, layout.counts[0])) * layout.work, layout.dtype)
        self.entry[layout.dtype.char](
            threads,
            *layout.counts,
            *(x for a, how in zip(arrays, layout.rows, strict=True) for x in (a.ctypes.data, how.step)),
            *(o.ctypes.data for o in outs),
            work.ctypes.data if layout.work else None,
        )
        if out is not None:
            return out
        found = [o if own is None else o[own] for o, own in zip(outs, layout.own, strict=True)]
        return self._returned([f.astype(layout.kept, copy=False)[()] for f in found])

    def _layout(self, given: tuple[tuple[tuple[int, ...], Any], ...]) -> Layout:
        """For arguments of these shapes and types; where they do not fit, the message says which."""
        import numpy as np

        sizes = self._sizes([shape for shape, _ in given])
        kept = np.dtype(given[self.real[0]][1] if self.real else np.float64)
        if kept.itemsize > 8:
            raise TypeError(f"the target c computes in float and double, found {kept}")
        dtype = kept if kept.itemsize > 2 else np.dtype(np.float32)
        batches = [shape[: len(shape) - len(p.axes)] for p, (shape, _) in zip(self.parameters, given, strict=True)]
        batch = np.broadcast_shapes(*batches)
        rows = []
        for p, (shape, _), own in zip(self.parameters, given, batches, strict=True):
            axes, shared = shape[len(own) :], math.prod(own) == 1
            kind = np.dtype(np.int64) if p.label else dtype
            rows.append(Rows(shape if shared else batch + axes, kind, 0 if shared else math.prod(axes)))
        return Layout(
            kept,
            dtype,
            (math.prod(batch), *(sizes[a] for a in self.offered.axes)),
            tuple(rows),
            tuple(self._below(self.parameters[n], sizes) for n in self.labels),
            tuple(batch + tuple(_size(length(a), sizes) for a in r.axes) for r in self.results),
            tuple(_own(batch, np.broadcast_shapes(*(batches[n] for n in places))) for places in self.needed),
            max((math.prod(how.shape) for how in rows), default=0),
            eval(self.offered.work, {}, sizes),
        )

    def _sizes(self, shapes: Sequence[tuple[int, ...]]) -> dict[str, int]:
        """The lengths of the axes, by their names in C."""
        shaped = {
            p.name: (SimpleNamespace(shape=shape, ndim=len(shape)), " ".join(p.axes))
            for p, shape in zip(self.parameters, shapes, strict=True)
            if p.axes
        }
        axes = dict.fromkeys(a for p in self.parameters for a in p.axes)
        return dict(zip(map(length, axes), checks().sizes(" ".join(axes), **shaped) if shaped else (), strict=True))

    def _below(self, label: Parameter, sizes: Mapping[str, int]) -> int | None:
        bound = length(label.below) if label.below else self.offered.bounds.get(argument(label.name), "")
        return int(bound) if bound.isdigit() else sizes.get(bound)

    def _places(self, np: Any, out: Any, layout: Layout, arrays: Sequence[Any]) -> list[Any]:
        """The caller's arrays for the results, in order."""
        groups = self.offered.routine.groups
        parts = out if len(groups) > 1 else (out,)
        given = [p[r.name] if r.name else p for p, group in zip(parts, groups, strict=True) for r in group]
        if layout.kept != layout.dtype or any(own is not None for own in layout.own):
            raise ValueError("out: only for results in float32 or float64 that have the batch axes of all arguments")
        for place, shape in zip(given, layout.shapes, strict=True):
            fits = isinstance(place, np.ndarray) and place.shape == shape and place.dtype == layout.dtype
            if not (fits and place.flags.c_contiguous and place.flags.writeable):
                kind = f"{place.dtype} {place.shape}" if isinstance(place, np.ndarray) else type(place).__name__
                raise ValueError(f"out: expected a contiguous {layout.dtype} array of shape {shape}, found {kind}")
        if any(np.may_share_memory(p, x) for n, p in enumerate(given) for x in (*arrays, *given[:n])):
            raise ValueError("out: expected arrays apart from each other and from the arguments")
        return given

    def _returned(self, found: Sequence[Any]) -> Any:
        """An array or a dict for each group of results."""
        rest = iter(found)
        values = [
            {r.name: next(rest) for r in group} if group[0].name else next(rest)
            for group in self.offered.routine.groups
        ]
        return values[0] if len(values) == 1 else tuple(values)


def _places(result: Result, parameters: Sequence[Parameter]) -> list[int]:
    """Which of the parameters the result depends on."""
    found = {n.name for n in walk(result.node) if isinstance(n, Argument)}
    return [n for n, p in enumerate(parameters) if p.name in found]


def _own(batch: tuple[int, ...], own: tuple[int, ...]) -> Any:
    """The part of a result that has these of the batch axes only; None for all of it."""
    return None if own == batch else (0,) * (len(batch) - len(own)) + tuple(slice(0, n) for n in own)


def _rows(np: Any, value: Any, how: Rows) -> Any:
    """The argument as rows; itself, where it is one array of the right type."""
    if value.shape != how.shape:
        value = np.broadcast_to(value, how.shape)
    return np.ascontiguousarray(value, how.dtype)


def _size(axis: str, sizes: Mapping[str, int]) -> int:
    return int(axis) if axis.isdigit() else sizes[axis]


def _threads(entries: int) -> int:
    if entries < SMALL or os.getpid() != PROCESS:
        return 1
    limit = os.environ.get("OMP_NUM_THREADS", "")
    if limit.isdigit() and int(limit):
        return int(limit)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
