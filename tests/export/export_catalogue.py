"""The functions of the catalogue's statements, without their proofs, and inputs at which the givens hold."""

from __future__ import annotations

import inspect
import os
import random
from collections.abc import Iterable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np

import gradproof
from gradproof.audit.evaluation import Point
from gradproof.audit.naming import by_name
from gradproof.audit.sampling import Sampler
from gradproof.export import Exported, NotExportable, emit
from gradproof.export.names import identifier
from gradproof.exporting import functions_of, in_closed_form
from gradproof.expression import Array, Index, Symbol
from gradproof.functions import Interface, interface

BOOK = gradproof.catalogue()
# Every kind of node is in these: labels, linear algebra, roots, orders, prefix sums, contractions, second derivatives.
KINDS = frozenset(
    ("A06", "A11", "A12", "A16", "B03", "B14", "B16", "B20", "C03", "C13", "C21", "C22", "C30", "C43", "D18", "E01",
     "E02", "E05", "F14", "F45", "H03", "H14", "H28", "H31", "H63")
)  # fmt: skip
SIZES = (3, 2, 4)  # of the first, second, third size; then again


def some(entries: Iterable[str]) -> list[str]:
    """All of the entries where GRADPROOF_ALL is set, else those of every kind and each fifth of the others."""
    found = list(entries)
    return found if os.environ.get("GRADPROOF_ALL") else [e for e in found if e in KINDS or e in found[::5]]


@cache
def offered(entry: str) -> Interface:
    """What a statement offers; a claim that is a question offers nothing before it is answered."""
    statement = BOOK[entry].statement
    return in_closed_form(interface(statement, statement.claims), [*statement.lemmas, *statement.claims])


def numbers(*names: str) -> list[str]:
    """The entries that offer one of these functions."""
    return [n for n in BOOK if any(o.name in names for o in offered(n).outputs)]


@cache
def exported(entry: str, target: str) -> list[Exported]:
    """The functions of an entry that array code computes."""
    return [f for f in functions_of(offered(entry), BOOK[entry].statement.givens, target) if _exportable(f, entry)]


def _exportable(f: Exported, entry: str) -> bool:
    try:
        emit([f], offered(entry).arguments, "", "numpy")
    except NotExportable:
        return False
    return True


@cache
def functions(entry: str, target: str) -> SimpleNamespace:
    found = exported(entry, target)
    return emit(found, offered(entry).arguments, "a test", target).functions if found else SimpleNamespace()


def main(entry: str, target: str) -> Any:
    """The differentiable function of an entry."""
    found = vars(functions(entry, target))
    return found.get("loss") or found["fun"]


def variables(entry: str, target: str) -> tuple[str, ...]:
    """The arguments in which it is differentiable."""
    backward = next(f.backward for f in exported(entry, target) if f.name in ("loss", "fun"))
    assert backward is not None
    return tuple(name for group in backward.groups() for name in group)


@cache
def points(entry: str, count: int = 2, lengths: tuple[int, ...] = SIZES) -> tuple[dict[str, Any], ...]:
    """Inputs by name, as floats, arrays, and indices from 0; all of one shape, and the indices the same."""
    statement, known = BOOK[entry].statement, offered(entry)
    terms = [*statement.claims, *(o.term for o in known.outputs), *(a for a in known.arguments if isinstance(a, Index))]
    sampler = Sampler(terms, statement.givens)
    sizes = {s: lengths[n % len(lengths)] for n, s in enumerate(sampler.stock.sizes)}
    found: list[dict[str, Any]] = []
    for seed in range(50):
        point = sampler.draw(sizes, random.Random(f"{entry} {seed}"))
        inputs = {**_inputs(point, known), **_lengths(sizes, known)} if point else None
        if inputs and _defined(entry, inputs):
            found.append(inputs)
        if len(found) == count:
            return tuple(found)
    raise AssertionError(f"no points for {entry}")


def _defined(entry: str, inputs: dict[str, Any]) -> bool:
    with np.errstate(all="ignore"):
        return all(np.all(np.isfinite(flat(f(**given(f, inputs))))) for f in vars(functions(entry, "numpy")).values())


def _lengths(sizes: Mapping[Symbol, int], known: Interface) -> dict[str, Any]:
    """The sizes that are arguments themselves."""
    return {identifier(a.name): np.asarray(float(sizes[a])) for a in known.arguments if a in sizes}


def _inputs(point: Point, known: Interface) -> dict[str, Any]:
    values = by_name(point)
    found = {}
    for a in known.arguments:
        if isinstance(a, Index) or (isinstance(a, Array) and a.into is not None):
            found[identifier(a.name)] = np.asarray(values[a.name], dtype=np.int64) - 1
        elif a.name in values:
            found[identifier(a.name)] = np.asarray(values[a.name], dtype=float)
    return found


def given(function: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Those of the inputs that a function takes."""
    return {name: values[name] for name in inspect.signature(function).parameters}


def given_all(routine: Any, values: dict[str, Any]) -> bool:
    """Whether the inputs have all that a planned function takes."""
    return all(p.name in values for p in routine.parameters)


def flat(value: Any) -> np.ndarray:
    """All numbers of an array, a dict or a tuple of arrays, in order."""
    if isinstance(value, dict):
        value = [value[name] for name in sorted(value)]
    if isinstance(value, list | tuple):
        return np.concatenate([flat(v) for v in value])
    return np.asarray(value.detach() if hasattr(value, "detach") else value, dtype=float).ravel()
