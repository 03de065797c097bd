"""Terms as a table: each distinct term is one row, and a row refers only to rows before it.

Contract. What is read equals what was written, letters included. A row of an unknown kind, with a wrong number of
children, a missing key, or a reference forwards is refused with its number, and so is a term too deep or too large.

Blind spot. A well-formed term may be undefined or false; that is the kernel's business.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gradproof import expression as x
from gradproof.expression import Array, Definition, Expr, Interval, Unknown
from gradproof.storage import shapes
from gradproof.storage.shapes import Json

Node = Expr | Array | Definition | Unknown
DEEPEST, LARGEST = 200, 1_000_000


@dataclass(frozen=True)
class Kind:
    """How one class of node is stored: how many children, and its data by field."""

    least: int
    most: int | None
    data: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "Number": Kind(0, 0, ("value",)),
    "Constant": Kind(0, 0, ("name",)),
    "Symbol": Kind(0, 0, ("name", "domain")),
    "Index": Kind(1, 1, ("name",)),
    "Bound": Kind(0, 0, ("level",)),
    "Add": Kind(2, None),
    "Mul": Kind(2, None),
    "Pow": Kind(2, 2),
    "Function": Kind(1, None, ("name",)),
    "Application": Kind(1, 1, ("function", "order")),
    "Delta": Kind(2, 2),
    "Entry": Kind(0, None, ("base",)),
    "OfMatrix": Kind(0, 2, ("form", "base")),
    "Sum": Kind(2, 2, ("hint",)),
    "Product": Kind(2, 2, ("hint",)),
    "ForAll": Kind(2, 2, ("hint",)),
    "Vector": Kind(2, 2, ("hint",)),
    "Derivative": Kind(2, 2),
    "Limit": Kind(2, 2, ("variable", "side")),
    "Expectation": Kind(1, None, ("variable", "law")),
    "Optimum": Kind(2, 2, ("goal", "variable")),
    "Root": Kind(2, 2, ("variable",)),
    "Ranking": Kind(2, 2, ("order",)),
    "Relation": Kind(2, 2, ("operator",)),
    "Unknown": Kind(0, 0, ("name", "domain", "order")),
    "Array": Kind(0, None, ("name", "domain", "into")),
    "Definition": Kind(1, None, ("name", "letters")),
}


class Writer:
    """Collects rows; `number` gives a node's row, writing it and its children first where they are new."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Json]] = []
        self._number: dict[str, int] = {}
        self._known: dict[int, tuple[Node, int]] = {}

    def number(self, node: Node) -> int:
        # By identity first: equal terms may differ in the letters of their binders, which are kept.
        if id(node) in self._known:
            return self._known[id(node)][1]
        row = self._row(node)
        text = json.dumps(row)
        if text not in self._number:
            self._number[text] = len(self.rows)
            self.rows.append(row)
        self._known[id(node)] = node, self._number[text]
        return self._number[text]

    def _row(self, node: Node) -> dict[str, Json]:
        kind = type(node).__name__
        if kind not in KINDS:
            raise TypeError(f"{kind} is not a kind of term that can be saved")
        if isinstance(node, Definition):
            children: tuple[Node, ...] = (*node.shape, node.body)
        elif isinstance(node, Unknown):
            children = ()
        else:
            children = node.shape if isinstance(node, Array) else node.args
        row: dict[str, Json] = {"kind": kind, "args": [self.number(a) for a in children]}
        row.update(zip(KINDS[kind].data, (self._plain(d) for d in _data(node)), strict=True))
        return row

    def _plain(self, value: Any) -> Json:
        if isinstance(value, Expr | Array | Definition | Unknown):
            return self.number(value)
        if isinstance(value, Interval):
            low, high = (None if end is None else str(end) for end in (value.low, value.high))
            return [low, high, value.low_open, value.high_open, value.integer]
        if isinstance(value, Fraction):
            return str(value)
        return list(value) if isinstance(value, tuple) else value


def _data(node: Node) -> tuple[Any, ...]:
    if isinstance(node, Array):
        return node.name, node.domain, node.into
    if isinstance(node, Unknown):
        return node.name, node.domain, node.orders
    if isinstance(node, Definition):
        return node.name, node.letters
    return (node.hint,) if isinstance(node, x.Binder) else node.data


class Reader:
    """The terms of a table, read from first row to last."""

    def __init__(self, rows: Json) -> None:
        self.nodes: list[Node] = []
        self._extent: list[tuple[int, int]] = []  # (depth, size as a tree)
        for number, row in enumerate(shapes.items(rows, "terms")):
            self._read(row, f"terms[{number}]")

    def term(self, value: Json, where: str) -> Expr:
        node = self.node(value, where)
        if not isinstance(node, Expr):
            shapes.refuse(where, "a term", node)
        return node

    def node(self, value: Json, where: str) -> Node:
        number = shapes.whole(value, where)
        if number >= len(self.nodes):
            shapes.refuse(where, "the number of a term written before", value)
        return self.nodes[number]

    def of_type(self, value: Json, where: str, *types: type) -> Any:
        node = self.node(value, where)
        if not isinstance(node, types):
            shapes.refuse(where, " or ".join(t.__name__ for t in types), node)
        return node

    def _read(self, row: Json, where: str) -> None:
        name = shapes.text(row.get("kind"), f"{where}.kind", KINDS) if isinstance(row, dict) else ""
        if not name:
            shapes.refuse(where, "an object with kind and args", row)
        kind = KINDS[name]
        found = shapes.fields(row, where, ("kind", "args", *kind.data))
        numbers = shapes.wholes(found["args"], f"{where}.args")
        children = tuple(self.term(n, f"{where}.args") for n in numbers)
        if len(children) < kind.least or (kind.most is not None and len(children) > kind.most):
            shapes.refuse(f"{where}.args", f"{kind.least} children for {name}", len(children))
        data = [self._data(name, field, found[field], f"{where}.{field}") for field in kind.data]
        bases = [found[f] for f in ("base", "function", "into") if f in kind.data and found[f] is not None]
        self._measure([*numbers, *bases], where)
        try:
            self.nodes.append(_build(name, children, data))
        except (ValueError, TypeError) as why:
            shapes.refuse(where, f"a well-formed {name}", str(why))

    def _measure(self, numbers: list[int], where: str) -> None:
        depth = 1 + max((self._extent[n][0] for n in numbers), default=0)
        size = 1 + sum(self._extent[n][1] for n in numbers)
        if depth > DEEPEST or size > LARGEST:
            shapes.refuse(where, f"terms at most {DEEPEST} deep and {LARGEST} large", f"{depth} deep, {size} large")
        self._extent.append((depth, size))

    def _data(self, kind: str, field: str, value: Json, where: str) -> Any:
        if (kind, field) in _CHOICES:
            return shapes.text(value, where, _CHOICES[kind, field])
        if field == "variable":
            return self.of_type(value, where, *((x.Symbol, Array) if kind == "Optimum" else (x.Symbol,)))
        if field == "base":
            return self.of_type(value, where, Array, Definition)
        if field == "into":
            return None if value is None else self.term(value, where)
        if field == "function":
            return self.of_type(value, where, Unknown)
        return _PLAIN[field](value, where)


def _interval(value: Json, where: str) -> Interval:
    parts = shapes.items(value, where)
    if len(parts) != 5:
        shapes.refuse(where, "[low, high, low_open, high_open, integer]", value)
    low, high = (None if end is None else shapes.fraction(end, where) for end in parts[:2])
    return Interval(low, high, *(shapes.flag(f, where) for f in parts[2:]))


def _name(value: Json, where: str) -> str:
    found = shapes.text(value, where)
    if not found:
        shapes.refuse(where, "a name", value)
    return found


_CHOICES = {
    ("Constant", "name"): ("pi", "oo"),
    ("Limit", "side"): ("", "+", "-"),
    ("Expectation", "law"): tuple(x.LAWS),
    ("Optimum", "goal"): ("max", "min"),
    ("OfMatrix", "form"): tuple(x.OfMatrix.INDICES),
    ("Ranking", "order"): ("argsort", "rank"),
    ("Relation", "operator"): tuple(x.Relation.FLIPPED),
}
_PLAIN: dict[str, Callable[[Json, str], Any]] = {
    "value": shapes.fraction,
    "level": shapes.whole,
    "order": shapes.whole,
    "name": _name,
    "hint": _name,
    "domain": _interval,
    "letters": shapes.texts,
}


def _build(kind: str, children: tuple[Expr, ...], data: list[Any]) -> Node:
    """The node itself; the constructors check what they know of it."""
    if kind in BUILD:
        return BUILD[kind](children, data)
    node: type[Expr] = getattr(x, kind)
    return node(children, tuple(data))


def _definition(children: tuple[Expr, ...], data: list[Any]) -> Definition:
    if data[1] and len(data[1]) != len(children) - 1:
        raise ValueError("one letter for each index of the definition")
    return Definition(data[0], children[:-1], children[-1], data[1])


def _binder(kind: type[x.Binder]) -> Callable[[tuple[Expr, ...], list[Any]], Node]:
    return lambda children, data: kind(children, (), data[0])


# How nodes are made that are more than children and data.
BUILD: dict[str, Callable[[tuple[Expr, ...], list[Any]], Node]] = {
    "Array": lambda children, data: Array(data[0], children, *data[1:]),
    "Unknown": lambda children, data: Unknown(*data),
    "Application": lambda children, data: x.Application.of(data[0], data[1], children[0]),
    "Definition": _definition,
    "Entry": lambda children, data: x.Entry.of(data[0], children),
    "OfMatrix": lambda children, data: x.OfMatrix.of(data[0], data[1], children),
    "Derivative": lambda children, data: x.Derivative.of(*children),
    "Root": lambda children, data: x.Root.of(children[0], children[1], data[0]),
    "Ranking": lambda children, data: x.Ranking.of(data[0], children[0], children[1]),
    "Expectation": lambda children, data: x.Expectation.of(children[0], data[0], x.Law(data[1], children[1:])),
    **{kind.__name__: _binder(kind) for kind in (x.Sum, x.Product, x.ForAll, x.Vector)},
}
