"""Reading JSON strictly: each function takes a value and the place it stands at, and returns it typed or refuses."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NoReturn

from gradproof.errors import BadInput

Json = Any


def refuse(where: str, expected: str, found: object) -> NoReturn:
    text = repr(found)
    raise BadInput(
        "this is not a saved proof that gradproof can read",
        where=where,
        expected=expected,
        found=text if len(text) <= 80 else text[:77] + "...",
        advice="save the proof again with gradproof",
    )


def parse(text: str, where: str) -> Json:
    """JSON without repeated keys, NaN or infinities."""
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: _once(pairs, where), parse_constant=_no_constant)
    except RecursionError:
        refuse(where, "JSON nested less deeply", text[:40])
    except ValueError as why:
        if isinstance(why, BadInput):
            raise
        refuse(where, "JSON", str(why))


def _once(pairs: list[tuple[str, Json]], where: str) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        refuse(where, "each key once", [k for k, _ in pairs])
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")


def fields(value: Json, where: str, needed: Iterable[str]) -> dict[str, Json]:
    """An object with exactly these keys."""
    names = tuple(needed)
    if not isinstance(value, dict):
        refuse(where, f"an object with {', '.join(names)}", value)
    for name in names:
        if name not in value:
            refuse(where, f"the key {name!r}", sorted(value))
    for name in value:
        if name not in names:
            refuse(where, f"only the keys {', '.join(names)}", name)
    return value


def items(value: Json, where: str) -> list[Json]:
    if not isinstance(value, list):
        refuse(where, "a list", value)
    return value


def text(value: Json, where: str, among: Iterable[str] = ()) -> str:
    choices = tuple(among)
    if not isinstance(value, str) or (choices and value not in choices):
        refuse(where, f"one of {', '.join(map(repr, choices))}" if choices else "a text", value)
    return value


def texts(value: Json, where: str) -> tuple[str, ...]:
    return tuple(text(v, f"{where}[{n}]") for n, v in enumerate(items(value, where)))


def whole(value: Json, where: str, low: int = 0) -> int:
    """A whole number from `low` up; true and false are none."""
    if type(value) is not int or value < low:
        refuse(where, f"a whole number from {low} up", value)
    return value


def wholes(value: Json, where: str) -> tuple[int, ...]:
    return tuple(whole(v, f"{where}[{n}]") for n, v in enumerate(items(value, where)))


def flag(value: Json, where: str) -> bool:
    if not isinstance(value, bool):
        refuse(where, "true or false", value)
    return value


def real(value: Json, where: str) -> float:
    if type(value) not in (int, float):
        refuse(where, "a number", value)
    return float(value)


def fraction(value: Json, where: str) -> Fraction:
    """An exact rational number written as text: "3", "-1/2"."""
    written = text(value, where)
    head, _, tail = written.partition("/")
    digits = head.removeprefix("-")
    proper = digits.isascii() and digits.isdigit() and (not tail or (tail.isascii() and tail.isdigit() and int(tail)))
    if not proper or len(written) > 2000:
        refuse(where, 'a rational number such as "-1/2"', value)
    return Fraction(written)
