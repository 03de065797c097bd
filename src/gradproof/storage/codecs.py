"""Both directions of the file format at once: a codec writes a value as JSON and reads it back, strictly.

Contract. `read(write(v)) == v` for every value a codec accepts; any other JSON is refused with its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gradproof.errors import BadInput
from gradproof.expression import Array, Definition, Expr
from gradproof.storage import shapes
from gradproof.storage.shapes import Json
from gradproof.storage.terms import Reader, Writer


@dataclass(frozen=True)
class Codec:
    write: Callable[[Any, Writer], Json]
    read: Callable[[Json, str, Reader], Any]


def _plain(read: Callable[[Json, str], Any]) -> Codec:
    return Codec(lambda value, _: value, lambda json, where, _: read(json, where))


TEXT = _plain(shapes.text)
WHOLE = _plain(shapes.whole)
FLAG = _plain(shapes.flag)
REAL = _plain(shapes.real)


def node(*types: type) -> Codec:
    """A term, array or definition of one of these types, by its row in the table."""
    return Codec(
        lambda value, table: table.number(value), lambda json, where, table: table.of_type(json, where, *types)
    )


def choice(*texts: str) -> Codec:
    return _plain(lambda json, where: shapes.text(json, where, texts))


def optional(inner: Codec) -> Codec:
    """None as null."""
    return Codec(
        lambda value, table: None if value is None else inner.write(value, table),
        lambda json, where, table: None if json is None else inner.read(json, where, table),
    )


def many(inner: Codec, count: int | None = None) -> Codec:
    """A tuple, of `count` members where that is given."""

    def read(json: Json, where: str, table: Reader) -> tuple[Any, ...]:
        found = shapes.items(json, where)
        if count is not None and len(found) != count:
            shapes.refuse(where, f"{count} members", json)
        return tuple(inner.read(v, f"{where}[{n}]", table) for n, v in enumerate(found))

    return Codec(lambda value, table: [inner.write(v, table) for v in value], read)


def mapping(inner: Codec) -> Codec:
    """A dict with text keys."""

    def read(json: Json, where: str, table: Reader) -> dict[str, Any]:
        if not isinstance(json, dict):
            shapes.refuse(where, "an object", json)
        return {name: inner.read(v, f"{where}.{name}", table) for name, v in json.items()}

    return Codec(lambda value, table: {name: inner.write(v, table) for name, v in value.items()}, read)


def record(kind: type, **parts: Codec) -> Codec:
    """A dataclass, field by field; every field must be named here."""

    def write(value: Any, table: Writer) -> Json:
        return {name: part.write(getattr(value, name), table) for name, part in parts.items()}

    def read(json: Json, where: str, table: Reader) -> Any:
        found = shapes.fields(json, where, parts)
        return kind(**{name: part.read(found[name], f"{where}.{name}", table) for name, part in parts.items()})

    return Codec(write, read)


def _write_binding(value: Any, table: Writer) -> Json:
    if isinstance(value, Expr | Array | Definition):
        return {"term": table.number(value)}
    if isinstance(value, str | int):
        return value
    if isinstance(value, tuple):
        return [_write_binding(v, table) for v in value]
    raise BadInput(
        "a binding of this type cannot be saved", expected="a term, text, number or tuple", found=repr(value)
    )


def _read_binding(json: Json, where: str, table: Reader) -> Any:
    if isinstance(json, list):
        return tuple(_read_binding(v, f"{where}[{n}]", table) for n, v in enumerate(json))
    if isinstance(json, dict):
        return table.node(shapes.fields(json, where, ("term",))["term"], where)
    if not isinstance(json, str | int):
        shapes.refuse(where, 'a text, a whole number, a list or {"term": row}', json)
    return json


def _write_value(value: Any, table: Writer) -> Json:
    if isinstance(value, Fraction):
        return {"exact": str(value)}
    if isinstance(value, Mapping):
        raise BadInput("an input of this type cannot be saved", found=repr(value))
    if isinstance(value, str | int | float):
        return value
    return [_write_value(v, table) for v in value]


def _read_value(json: Json, where: str, table: Reader) -> Any:
    if isinstance(json, list):
        return [_read_value(v, f"{where}[{n}]", table) for n, v in enumerate(json)]
    if isinstance(json, dict):
        return shapes.fraction(shapes.fields(json, where, ("exact",))["exact"], where)
    if not isinstance(json, str | int | float):
        shapes.refuse(where, "a number, a text or a list of these", json)
    return json


BINDING = Codec(_write_binding, _read_binding)
VALUE = Codec(_write_value, _read_value)
