"""What the parts of an axis do together, as nodes of the array language, and how shards write these.

Contract. Every part has its own entries of one axis and the same values of everything else. The result of `Across`, of
`Held` and of a `Merged` log-sum-exp is the same for every part. The parts of a `Merged` are joined by pairs (m, s), the
largest logit and the sum of exponentials below it, which entry H29 shows to be independent of order and grouping.

Blind spot. Which shard adds first is up to the library, so the last digit may depend on the number of shards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .array import Gather, Node, Normal
from .dialect import ATOM

if TYPE_CHECKING:
    from .statements import Body


@dataclass(frozen=True)
class Across(Node):
    """The `sum` or `prod` of a value over the parts, each of which was contracted or folded along the axis."""

    operation: str
    value: Node
    axis: int | None = None  # the label that a contraction has for the axis

    @property
    def rank(self) -> int:
        return self.value.rank


@dataclass(frozen=True)
class Merged(Normal):
    """A `Normal` over an axis in parts."""


@dataclass(frozen=True)
class Held(Gather):
    """The entry at an index that counts over all parts, from the part that holds it."""

    start: Node | None = None  # the index of the first entry of this part


def _across(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Across)
    return body.form(f"across {node.operation}", body.code(node.value)), ATOM


def _merged(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Merged)
    given = [body.code(node.value), body.form("group")]
    given += [f"scale={body.code(node.scale)}"] if node.scale is not None else []
    given += [f"weight={body.code(node.weight)}"] if node.weight is not None else []
    logs = Merged("log_softmax", node.value, node.scale, node.weight)
    if node.kind == "softmax" and logs in body.nodes:
        return f"{body.dialect.module}.exp({body.code(logs)})", ATOM
    return f"{body.helper(f'_sharded_{node.kind}')}({', '.join(given)})", ATOM


def _held(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Held)
    assert node.start is not None
    index = body.form("place", body.code(node.index)) if node.index.static else body.code(node.index)
    given = (body.code(node.value), index, body.code(node.start), body.form("group"))
    return f"{body.helper('_held')}({', '.join(given)})", ATOM


WRITE: dict[type[Node], Callable[[Body, Node], tuple[str, int]]] = {Across: _across, Merged: _merged, Held: _held}
