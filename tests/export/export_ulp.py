"""Errors in units in the last place (ulp) of a floating type, against values that are known beyond double.

Contract. An exact value is a pair of doubles, high + low, rounded from mpmath. An error is given in ulp of the entry
itself, of the largest entry of its row (the scale of the result), and of the largest entry of the terms that are added
last: p - y of a sure and right prediction is tiny, and right to an ulp of p.

Blind spot. Numbers below 1024 times the smallest normal one are compared on that scale: exponentials below it may be
flushed to 0, as PyTorch and XLA do.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import export_oracle
import mpmath
import numpy as np

from gradproof import expression as x

Exact = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Ulps:
    """The worst error in ulp of the entry itself, of the row of the result, and of the row of its terms."""

    own: float = 0.0
    row: float = 0.0
    terms: float = 0.0

    def __or__(self, other: Ulps) -> Ulps:
        return Ulps(max(self.own, other.own), max(self.row, other.row), max(self.terms, other.terms))

    def __str__(self) -> str:
        return "/".join(_short(u) for u in (self.own, self.row, self.terms))


def _short(ulps: float) -> str:
    return f"{ulps:.1f}" if ulps < 100 else f"{ulps:.0e}".replace("e+", "e").replace("e0", "e")


def halves(values: Any) -> Exact:
    """Numbers of mpmath as pairs of doubles; what a double cannot hold is infinite."""
    flat = [mpmath.mpf(v) for v in np.asarray(values, dtype=object).ravel()]
    high = np.array([float(v) for v in flat])
    low = np.array([float(v - h) if np.isfinite(h) else 0.0 for v, h in zip(flat, high, strict=True)])
    return high.reshape(np.shape(values)), low.reshape(np.shape(values))


def exact(e: x.Expr, outputs: tuple[x.Index, ...], env: dict[str, Any]) -> Any:
    """The array over the output indices, in numbers of mpmath at its present precision."""
    reference = export_oracle.Reference(env)
    lengths = [int(reference.value(i.size, {})) for i in outputs]
    found = np.empty(lengths, dtype=object)
    for place in itertools.product(*(range(n) for n in lengths)):
        found[place] = reference.value(e, dict(zip(outputs, (p + 1 for p in place), strict=True)))
    return found[()]  # a number where there are no axes


def unit(values: np.ndarray, kind: np.dtype[Any]) -> np.ndarray:
    """One unit in the last place of each value, as a number of this type; of tiny ones, what may be flushed."""
    tiny = np.finfo(kind).tiny
    return np.where(values < 1024 * tiny, tiny, np.spacing(np.maximum(values, tiny).astype(kind))).astype(float)


def largest(values: np.ndarray, axes: int) -> np.ndarray:
    """The largest magnitude in each row, along the last axes."""
    return np.max(np.abs(values), axis=tuple(range(-axes, 0)), keepdims=True, initial=0.0) if axes else np.abs(values)


def difference(found: np.ndarray, wanted: Exact, kind: np.dtype[Any]) -> np.ndarray:
    """|found - wanted|; infinite where one of them is nan, or infinite alone."""
    high, low = wanted
    with np.errstate(all="ignore"):
        off = np.abs((found.astype(float) - high) - low)
        same = ~np.isfinite(high.astype(kind)) & (found == high.astype(kind))
    return np.where(same, 0.0, np.where(np.isnan(off), np.inf, off))


def errors(found: Any, wanted: Exact, axes: int, kind: Any, terms: np.ndarray | None = None) -> tuple[np.ndarray, ...]:
    """Entry by entry, in the three units; the last `axes` axes are those of a row, `terms` the magnitudes of terms."""
    type_ = np.dtype(kind)
    off = difference(np.asarray(found), wanted, type_)
    row = largest(wanted[0], axes)
    scales = (np.abs(wanted[0]), row, row if terms is None else np.maximum(row, largest(terms, axes)))
    with np.errstate(all="ignore"):
        return tuple(
            np.where(off > 0, np.nan_to_num(off / unit(s, type_), nan=np.inf, posinf=np.inf), 0.0) for s in scales
        )


def worst(found: Any, wanted: Exact, axes: int, kind: Any, terms: np.ndarray | None = None) -> Ulps:
    return Ulps(*(float(np.max(e, initial=0.0)) for e in errors(found, wanted, axes, kind, terms)))


def apart(found: Exact, wanted: Exact, axes: int, kind: Any, terms: np.ndarray) -> Ulps:
    """How far two exact values are from each other, at worst, in the units of a type."""
    row, type_ = largest(wanted[0], axes), np.dtype(kind)
    scales = (np.abs(wanted[0]), row, np.maximum(row, largest(terms, axes)))
    with np.errstate(all="ignore"):
        off = np.abs(np.where(found[0] == wanted[0], 0.0, found[0] - wanted[0]) + (found[1] - wanted[1]))
        return Ulps(*(float(np.max(off / unit(s, type_), initial=0.0)) for s in scales))


def rounded(text: Any) -> Exact:
    """Decimal numbers, or nested sequences of them."""
    with mpmath.workdps(60):
        return halves(np.vectorize(mpmath.mpf, otypes=[object])(np.asarray(text, dtype=object)))


def environment(inputs: dict[str, Any], labels: Sequence[str], sizes: Mapping[str, int]) -> dict[str, Any]:
    """The inputs of one row as the oracle reads them: indices count from 1."""
    return {**{n: np.asarray(v) + 1 if n in labels else v for n, v in inputs.items()}, **sizes}
