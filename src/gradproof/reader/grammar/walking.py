"""Walking over what a formula says.

Contract. `children` are the nodes below in reading order, parts of subscripts included; `bound_in` tells which
letters a node binds in which of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from gradproof.reader.syntax import Big, Call, Every, Expect, Family, Key, Letter, Node


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below, parts of subscripts included."""
    for name in _node_fields(type(node)):
        yield from _nodes(getattr(node, name))


_FIELDS: dict[type[Node], tuple[str, ...]] = {}


def _node_fields(kind: type[Node]) -> tuple[str, ...]:
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(f.name for f in fields(kind) if f.name not in ("at", "letter"))
    return _FIELDS[kind]


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple) and not isinstance(value, Key):
        for v in value:
            yield from _nodes(v)


def bound_in(node: Node, child: Node) -> tuple[tuple[str, Node], ...]:
    """The letters that `node` binds in `child`, each with the node that stands for the binder."""
    match node:
        case Big(letter=letter, body=body, conditions=conditions):
            inside = child is body or any(child is term for _, term in conditions)
            return ((letter.text, node),) if inside else ()
        case Expect(letter=Letter() as letter, body=body, weights=weights):
            return ((letter.text, node),) if child is body or isinstance(weights, Call) else ()
        case Family(letter=letter, body=body) if child is body:
            return ((letter.text, node),)
        case Every(ranges=ranges, body=body) if child is body:
            return tuple((r.letter.text, r) for r in ranges)
    return ()
