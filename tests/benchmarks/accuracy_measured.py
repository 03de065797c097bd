"""What is right, and what our targets and other libraries compute, for the functions of the accuracy tables.

Contract. The reference is the NumPy code in the next wider type. It is compared with mpmath, at hundreds of digits, on
a sample of the rows; where they differ by more than a tenth of an ulp of the terms, mpmath's values of the sample are
all that is used, and where they do in ulp of the entry or the row, those two units are from the sample.

Blind spot. A fault of the reference on rows outside the sample hides the same fault of what is measured.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import export_catalogue as book
import export_losses
import export_stress as stress
import export_ulp as ulp
import mpmath
import numpy as np
from accuracy_cases import CASES, Case
from accuracy_peers import peers

from gradproof.export import Exported, emit, stabilise
from gradproof.export.names import identifier
from gradproof.expression import Add, Expr, Mul, add, mul
from gradproof.notation import absolute

WIDER = {"float64": np.longdouble, "float32": np.float64, "float16": np.float64}
DIGITS = {"random": 700, "near p = 1": 700, "far apart": 2000}  # 1 + e^-700 and more
SAMPLE = 20  # rows that mpmath computes
TRUSTED = 0.1  # ulp: the most that the reference may be off there
Function = Callable[..., Any]


@dataclass(frozen=True)
class Measured:
    """A function of a case: its name, the part of its result, the term that it computes, the axes of its rows."""

    title: str
    case: Case
    name: str
    part: str
    term: Expr
    axes: tuple[Any, ...]

    @property
    def described(self) -> str:
        gradient = f"gradient {self.part}".strip() if self.name == "grad" else "value"
        return f"{self.title}, {gradient}"


def measured(title: str) -> Iterator[Measured]:
    """The value of a case, and the gradient in each variable."""
    case = CASES[title]
    if case.entry in stress.TERMS:
        term = stress.TERMS[case.entry][case.value]
        yield Measured(title, case, case.value, "", *(term if isinstance(term, tuple) else (term, ())))
        return
    for name in dict.fromkeys((case.value, "grad")):
        same = [o for o in book.offered(case.entry).outputs if o.name == name]
        for o in same:
            if case.part in ("", o.variable):
                yield Measured(title, case, name, o.variable if len(same) > 1 else "", o.term, o.axes)


def arguments(m: Measured) -> tuple[Any, ...]:
    return export_losses.ARGUMENTS if m.case.entry in stress.TERMS else book.offered(m.case.entry).arguments


def in_target(f: Function, target: str) -> Function:
    """A function of a target on NumPy arrays, with results of NumPy."""
    if target == "torch":
        import torch

        return lambda **given: in_numpy(f(**{n: torch.from_numpy(np.array(v)) for n, v in given.items()}))
    if target == "jax":
        import jax.numpy as jnp

        return lambda **given: in_numpy(f(**{n: jnp.asarray(v) for n, v in given.items()}))
    return f


def in_numpy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: in_numpy(v) for name, v in value.items()}
    return np.asarray(value.detach() if hasattr(value, "detach") else value)


@cache
def functions(entry: str, target: str) -> Any:
    return stress.functions(entry, target)


def result(m: Measured, target: str, inputs: Mapping[str, Any]) -> np.ndarray:
    """What a target's function gives for all rows."""
    names = inspect.signature(getattr(functions(m.case.entry, "numpy"), m.name)).parameters
    with np.errstate(all="ignore"):
        found = in_target(getattr(functions(m.case.entry, target), m.name), target)(**{n: inputs[n] for n in names})
    return np.asarray(found[m.part] if m.part else found)


def peer_result(m: Measured, library: str, inputs: Mapping[str, Any]) -> np.ndarray | None:
    """What a library's own function gives, or nothing where it has none."""
    value, gradient = peers(library).get(m.title, (None, None))
    f = gradient if m.name == "grad" else value
    if f is None:
        return None
    with np.errstate(all="ignore"):
        found = f(**inputs)
    if isinstance(found, Mapping):
        found = found[m.part or next(iter(found))]
    return np.asarray(found)


def typed(inputs: Mapping[str, Any], kind: Any) -> dict[str, Any]:
    return {n: v if v.dtype.kind == "i" else v.astype(kind) for n, v in inputs.items()}


def by_mpmath(m: Measured, inputs: Mapping[str, Any], rows: Any, digits: int) -> ulp.Exact:
    """The exact values in some rows."""
    names = {a.name: identifier(a.name) for a in arguments(m)}
    found = []
    with mpmath.workdps(digits):
        for row in rows:
            one = {name: inputs[called][row] for name, called in names.items() if called in inputs}
            labels = [n for n, v in one.items() if np.asarray(v).dtype.kind == "i"]
            found.append(ulp.exact(m.term, m.axes, ulp.environment(one, labels, m.case.sizes)))
        return ulp.halves(np.array(found, dtype=object))


def magnitude(e: Expr) -> Expr:
    """The term with the magnitudes of what it adds last."""
    if isinstance(e, Add):
        return add(*(magnitude(a) for a in e.args))
    return mul(*(magnitude(a) for a in e.args)) if isinstance(e, Mul) else absolute(e)


@cache
def magnitudes(m: Measured) -> Function:
    exported = Exported("f", stabilise(magnitude(m.term)), m.axes)
    f: Function = emit([exported], list(arguments(m)), "magnitudes").functions.f
    return f


@dataclass(frozen=True)
class Exactly:
    """What is right in some rows, and the magnitudes of the terms there."""

    rows: np.ndarray
    values: ulp.Exact
    terms: np.ndarray

    def worst(self, found: np.ndarray, axes: int, kind: str) -> ulp.Ulps:
        shaped = found.reshape(len(found), *self.values[0].shape[1:])
        return ulp.worst(shaped[self.rows], self.values, axes, kind, self.terms)


@dataclass(frozen=True)
class Reference:
    """What is right in all rows by the wide type, in the sample by mpmath, and how far the first is from the second."""

    wide: Exactly
    sample: Exactly
    off: ulp.Ulps

    @property
    def trusted(self) -> bool:
        """Whether the wide type is right to a tenth of an ulp of the terms."""
        return self.off.terms <= TRUSTED

    def worst(self, found: np.ndarray, axes: int, kind: str) -> ulp.Ulps:
        certain = self.sample.worst(found, axes, kind)
        if not self.trusted:
            return certain
        if max(self.off.own, self.off.row) <= TRUSTED:
            return self.wide.worst(found, axes, kind) | certain
        return ulp.Ulps(certain.own, certain.row, max(certain.terms, self.wide.worst(found, axes, kind).terms))


def reference(m: Measured, kind: str, inputs: Mapping[str, Any], digits: int) -> Reference:
    wide, f = typed(inputs, WIDER[kind]), magnitudes(m)
    value = result(m, "numpy", wide)
    with np.errstate(all="ignore"):
        high = value.astype(np.float64)
        low = np.where(np.isfinite(high), (value - high.astype(value.dtype)).astype(np.float64), 0.0)
        terms = np.asarray(f(**{n: wide[n] for n in inspect.signature(f).parameters}), dtype=float)
    terms = np.broadcast_to(terms, high.shape)
    rows = np.random.default_rng(1).choice(len(high), min(SAMPLE, len(high)), replace=False)
    right = by_mpmath(m, inputs, rows, digits)
    off = ulp.apart((high[rows], low[rows]), right, len(m.axes), kind, terms[rows])
    return Reference(Exactly(np.arange(len(high)), (high, low), terms), Exactly(rows, right, terms[rows]), off)
