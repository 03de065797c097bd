"""Functions of the catalogue in C against the same functions in NumPy, with batch axes, in both types.

Compiling takes a second each: a part of the catalogue by default, with every kind of node in it, and all of it where
GRADPROOF_ALL is set. The rows are many enough for the code that visits several together, and not a multiple of their
number.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from export_catalogue import some

import gradproof
from gradproof.export import NotExportable
from gradproof.export.module import Parameter
from gradproof.proof import Proof

pytestmark = pytest.mark.compiler
LENGTHS = {"K": 5, "N": 6, "M": 4, "D": 3, "J": 4, "E": 3, "G": 4, "T": 5, "C": 3, "S": 4, "V": 5, "R": 3}
BOOK = gradproof.catalogue()
NO_ARRAY_CODE = ("G06",)  # every side of its claims is an expectation


def length(axis: str) -> int:
    base, _, more = axis.partition("+")
    return (int(base) if base.isdigit() else LENGTHS.get(base, 4)) + int(more or 0)


def sampled(p: Parameter, batch: tuple[int, ...], rng: np.random.Generator, dtype: type) -> np.ndarray:
    shape = batch + tuple(length(a) for a in p.axes)
    return rng.integers(0, 3, shape) if p.label else rng.uniform(0.2, 0.8, shape).astype(dtype)


def flat(value: object) -> list[np.ndarray]:
    if isinstance(value, dict):
        return [a for v in value.values() for a in flat(v)]
    return [a for v in value for a in flat(v)] if isinstance(value, tuple) else [np.asarray(value)]


def test_means_have_no_array_code(prove: Callable[[str], Proof]) -> None:
    for entry in NO_ARRAY_CODE:
        with pytest.raises(NotExportable):
            prove(entry).export("c")


@pytest.mark.parametrize("entry", [e for e in some(BOOK) if e not in NO_ARRAY_CODE])
def test_c_computes_what_numpy_does(entry: str, prove: Callable[[str], Proof]) -> None:
    plain, compiled = (prove(entry).export(target) for target in ("numpy", "c"))
    assert compiled.names == plain.names
    rng = np.random.default_rng(3)
    for routine in compiled.routines:
        for dtype, tolerance in ((np.float64, 1e-11), (np.float32, 3e-4)):
            for batch in ((), (37,), (2, 3)):
                given = {p.name: sampled(p, batch, rng, dtype) for p in routine.parameters}
                with np.errstate(all="ignore"):
                    want = flat(getattr(plain.functions, routine.name)(**given))
                got = flat(getattr(compiled.functions, routine.name)(**given))
                for a, b in zip(got, want, strict=True):
                    assert a.shape == b.shape
                    assert a.dtype == (dtype if any(not p.label for p in routine.parameters) else np.float64)
                    np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)
