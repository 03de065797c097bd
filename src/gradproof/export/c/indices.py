"""Indices of entries: which loops they vary with, and the place in memory that they mean.

Contract. An axis of length 1 is always visited at 0.

Blind spot. Arrays are contiguous, the last axis fastest.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import cast

from .loops import Loop, Value
from .terms import ONE, Term

Indices = tuple[Value, ...]


def unknowns(terms: Iterable[Term]) -> dict[Term, frozenset[object]]:
    """The unknowns that are free in each of the terms; every term stands after those it is made of."""
    found: dict[Term, frozenset[object]] = {}
    for term in terms:
        inner = frozenset(u for arg in term.args for u in found[arg])
        if term.kind == "unknown":
            inner = frozenset({term.data})
        if term.kind == "solve":
            inner -= {cast("tuple[int, object, object]", term.data)[0]}
        found[term] = inner
    return found


def index(loop: Loop) -> Value:
    return Value(loop.variable, "int", frozenset({loop}))


def union(at: Indices) -> frozenset[Loop]:
    return frozenset(n for i in at for n in i.loops)


def narrowed(at: Indices, term: Term) -> Indices:
    """The indices for a term, 0 along its axes of length 1."""
    return tuple(Value("0", "int") if n == ONE else i for i, n in zip(at, term.shape, strict=False))


def flat(at: Indices, shape: tuple[str, ...]) -> str:
    """The place of an entry: (i * K + j) * D + d."""
    found = ""
    for place, axis in zip(at, shape, strict=True):
        step = place.text if place.text.isidentifier() or place.text.isdigit() else f"({place.text})"
        if axis == ONE:
            continue
        inner = found if found.isidentifier() else f"({found})"
        found = step if not found or found == "0" else f"{inner} * {axis} + {step}"
    return found or "0"


def literal(value: object) -> Value:
    if not isinstance(value, Fraction):
        return Value("3.14159265358979323846", "literal")
    if value.denominator == 1:
        return Value(f"{value.numerator}.0", "literal")
    return Value(f"({value.numerator}.0 / {value.denominator}.0)", "double")
