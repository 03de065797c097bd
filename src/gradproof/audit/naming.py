"""Points by the names a reader knows: for messages and for counterexamples.

Contract. Whole numbers and short fractions are given exactly, everything else as the nearest float.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import Any

from gradproof.audit.arithmetic import Real, to_float, to_text, whole
from gradproof.audit.evaluation import Point
from gradproof.audit.meaning import Table, Where
from gradproof.expression import Array, Unknown

SHORT_BITS = 12


def plain(value: Real) -> int | Fraction | float:
    """The number as Python knows it."""
    integer = whole(value)
    if integer is not None:
        return integer
    sign, mantissa, exponent, bits = value
    if -SHORT_BITS < exponent < 0 and bits <= SHORT_BITS:
        return Fraction(-mantissa if sign else mantissa, 1 << -exponent)
    return to_float(value)


def nested(table: Table, show: Any = plain) -> Any:
    """The entries as nested lists, the first index outermost."""
    if () in table:
        return show(table[()])
    rows: dict[int, dict[Where, Real]] = {}
    for place, value in sorted(table.items()):
        rows.setdefault(place[0], {})[place[1:]] = value
    return [nested(row, show) for row in rows.values()]


def by_name(point: Point) -> dict[str, Any]:
    """The free indices, symbols and arrays of a point as numbers and nested lists."""
    found: dict[str, Any] = {i.name: n for i, n in point.indices.items()}
    for base, value in point.values.items():
        found[base.name] = nested(value) if isinstance(base, Array | Unknown) else plain(value)
    return found


def describe(point: Point, mentioned: Collection[object]) -> str:
    """The sizes, and what is mentioned, in a few digits."""
    parts = [f"{s.name}={n}" for s, n in point.sizes.items()]
    parts += [f"{i.name}={n}" for i, n in point.indices.items() if i in mentioned]
    for base, value in point.values.items():
        if base in mentioned:
            shown = nested(value, _short) if isinstance(base, Array | Unknown) else _short(value)
            parts.append(f"{base.name}={shown}".replace("'", ""))
    return ", ".join(parts) or "every point"


def _short(value: Real) -> str:
    return to_text(value, 4)
