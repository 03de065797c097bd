"""How each carry of a stream begins, and how a chunk changes it, as source.

Contract. A carry begins as that of no entries. An update names the values from before the chunk by the carries' names.

Blind spot. The order of the updates is the caller's: `latest_first` tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .array import Apply, Guard, Node
from .carry import Peak, Rest, Rolled
from .collective import Across, Held
from .statements import Body

BEGIN = {  # what a carry is called, what it is where there are no entries, and what it is for
    Peak: ("top", "-inf", "the largest entry so far"),
    Rest: ("rest", "0", "sum(exp) below it, less the 1 of the largest"),
    Held: ("picked", "0", "the entry at the index, once it came"),
    Rolled: ("total", "0", ""),
    Across: ("total", "0", ""),
}


def begin(c: Node) -> tuple[str, str, str]:
    """A stem for the name of a carry, its value where there are no entries, and a remark."""
    stem, value, about = BEGIN[type(c)]
    if isinstance(c, Across) and c.operation == "prod":
        return "product", "1", about
    moved = isinstance(c, Rolled) and (c.factor or c.gain)
    return stem, value, "a sum below the largest entry so far" if moved else about


def needed(c: Node) -> list[Node]:
    """What a carry is updated from."""
    if isinstance(c, Rest):
        return [c.shifted, c.drop]
    if isinstance(c, Rolled):
        return [n for n in (c.value, c.factor, c.gain) if n is not None]
    return list(c.children)


def latest_first(carries: Sequence[Node]) -> list[Node]:
    """The carries in the order of their updates: peaks, then each before one whose value before the chunk it needs."""
    others = [c.other for c in carries if isinstance(c, Rolled) and c.other is not None]
    return sorted(carries, key=lambda c: (not isinstance(c, Peak), c in others))


def _rest(body: Body, node: Node, name: str) -> str:
    assert isinstance(node, Rest)
    return f"{body.helper('_rest')}({name}, {body.code(node.drop)}, {body.code(node.shifted)})"


def _rolled(body: Body, node: Node, name: str) -> str:
    assert isinstance(node, Rolled)
    before: Node = node
    if node.gain is not None and node.other is not None:
        before = Apply("add", (before, Apply("multiply", (node.gain, node.other))))
    if node.factor is not None:
        before = Apply("multiply", (node.factor, Guard(node.factor, before, 0) if node.faint else before))
    return body.write(Apply("add", (before, node.value)))[0]


def _across(body: Body, node: Node, name: str) -> str:
    assert isinstance(node, Across)
    operation = "multiply" if node.operation == "prod" else "add"
    return body.write(Apply(operation, (node, node.value)))[0]


def _held(body: Body, node: Node, name: str) -> str:
    assert isinstance(node, Held)
    assert node.start is not None
    index = body.form("place", body.code(node.index)) if node.index.static else body.code(node.index)
    return f"{name} + {body.helper('_here')}({body.code(node.value)}, {index}, {body.code(node.start)})"


UPDATE: dict[type[Node], Callable[[Body, Node, str], str]] = {
    Rest: _rest,
    Rolled: _rolled,
    Across: _across,
    Held: _held,
}
