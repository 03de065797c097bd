"""What is carried from chunk to chunk of a stream, as nodes of the array language.

Contract. A carry is updated once for each chunk of a pass, from what that chunk says; its value counts when the pass is
over. `level` is the number of passes that must be over before a node can be computed. Entry H29 shows that pairs (m, s)
merge in any grouping; the updates of `Rest` and `Rolled` are that merge with the pair of a chunk.

Blind spot. A sum is added up chunk by chunk in the floating type of its entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from .array import Align, Apply, Argument, Fold, Guard, Node, Size, Solve, Unknown, walk
from .collective import Across, Held
from .module import local, start


@dataclass(frozen=True)
class Peak(Node):
    """The largest entry along the axis, which stands last."""

    value: Node

    @property
    def rank(self) -> int:
        return self.value.rank - 1


@dataclass(frozen=True)
class Drop(Node):
    """How far the peak before a chunk lies below the peak with it; `finite`: 0 where there was none before."""

    peak: Peak
    finite: bool = False

    @property
    def rank(self) -> int:
        return self.peak.rank


@dataclass(frozen=True)
class Shifted(Node):
    """scale * (value - peak), entry by entry; `running`: below the peak so far."""

    peak: Peak
    scale: Node | None
    running: bool = False

    @property
    def rank(self) -> int:
        return self.peak.value.rank


@dataclass(frozen=True)
class Rest(Node):
    """The sum of exp(shifted) less the 1 of the largest entry."""

    shifted: Shifted  # running
    drop: Node

    @property
    def rank(self) -> int:
        return self.shifted.rank - 1


@dataclass(frozen=True)
class Rolled(Node):
    """A sum over running entries: s becomes factor * (s + gain * other) + value, `other` being such a sum too.

    It is made when `passes` are over, or as soon as its entries can be computed; `faint`: what was so far need not be
    finite where the factor is 0.
    """

    value: Node
    factor: Node | None = None
    gain: Node | None = None
    other: Node | None = None
    passes: int = 0
    faint: bool = False

    @property
    def rank(self) -> int:
        return self.value.rank


CARRIES = (Peak, Rest, Rolled, Across, Held)


class Stream:
    """The axis that is streamed: which nodes move from chunk to chunk, and when each can be computed."""

    def __init__(self, size: str, names: frozenset[str]) -> None:
        self.size = size
        self.names = names  # of the arguments that come in chunks
        self.levels: dict[Node, int] = {}

    def is_carry(self, node: Node) -> bool:
        return isinstance(node, CARRIES) or node == Size(self.size)

    def moving(self, node: Node) -> bool:
        """Whether the node is of one chunk."""
        if self.is_carry(node):
            return False
        if isinstance(node, Argument):
            return node.name in self.names
        if isinstance(node, Size):
            return node.name in (local(self.size), start(self.size))
        return isinstance(node, Drop | Shifted) or any(map(self.moving, node.children))

    def level(self, node: Node) -> int:
        """The number of passes that must be over before the node can be computed."""
        if node not in self.levels:
            self.levels[node] = self._level(node)
        return self.levels[node]

    def _level(self, node: Node) -> int:
        inner = max(map(self.level, node.children), default=0)
        if isinstance(node, Drop) or (isinstance(node, Shifted) and node.running):
            return inner - 1  # in the pass of the peak itself
        if isinstance(node, Rolled):
            parts = (n for n in (node.value, node.factor, node.gain) if n is not None)
            return 1 + max(node.passes, *map(self.level, parts))
        return inner + (1 if self.is_carry(node) else 0)


def mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with its children changed."""
    found: dict[str, Any] = {}
    for f in fields(node):
        value = getattr(node, f.name)
        if isinstance(value, Node):
            found[f.name] = change(value)
        elif isinstance(value, tuple) and any(isinstance(v, Node) for v in value):
            found[f.name] = tuple(change(v) for v in value)
    return replace(node, **found) if found else node


def aligned(node: Node, axes: tuple[int | None, ...]) -> Node:
    """The axes of the node in another order, with axes of length 1 where `axes` has None; numbers stay as they are."""
    if node.static:
        return node
    if isinstance(node, Align):
        axes, node = tuple(None if n is None else node.axes[n] for n in axes), node.value
    return node if axes == tuple(range(node.rank)) else Align(node, axes)


def kept(node: Node) -> Node:
    """The node with a last axis of length 1."""
    return aligned(node, (*range(node.rank), None))


def flat(node: Node) -> frozenset[int]:
    """Axes of which it is plain that they have length 1."""
    if isinstance(node, Align):
        inner = flat(node.value)
        return frozenset(n for n, a in enumerate(node.axes) if a is None or a in inner)
    if isinstance(node, Apply | Guard):
        return frozenset.intersection(*(flat(c) for c in node.children if not c.static))
    return frozenset()


def squeezed(node: Node, axes: frozenset[int]) -> Node:
    """The node without these axes, of length 1."""
    if node.static or not axes:
        return node
    if isinstance(node, Align):
        gone = frozenset(a for n, a in enumerate(node.axes) if n in axes and a is not None)
        left = [a for n, a in enumerate(node.axes) if n not in axes]
        return aligned(
            squeezed(node.value, gone), tuple(None if a is None else a - sum(g < a for g in gone) for a in left)
        )
    assert isinstance(node, Apply | Guard), node
    return mapped(node, lambda c: squeezed(c, axes))


def summed(node: Node, count: int) -> Node:
    """The sum over this many last axes."""
    for _ in range(count):
        node = Fold("sum", node)
    return node


def below(node: Node, stream: Stream) -> tuple[Node, ...]:
    """What a node is computed from, once the carries of earlier passes are known."""
    if stream.is_carry(node):
        return ()
    return (node.peak.value, *node.children) if isinstance(node, Shifted) else node.children


def within(roots: Sequence[Node], stream: Stream) -> Iterator[Node]:
    """The nodes that the roots are made of, each once, down to carries that were finished before."""
    seen: set[Node] = set()

    def visit(node: Node) -> Iterator[Node]:
        if node not in seen:
            seen.add(node)
            for child in below(node, stream):
                yield from visit(child)
            yield node

    for root in roots:
        yield from visit(root)


def unknowns(node: Node) -> set[Node]:
    """The unknowns of equations that are solved outside of the node."""
    nodes = list(walk(node))
    solved = {n.unknown for n in nodes if isinstance(n, Solve)}
    return {n for n in nodes if isinstance(n, Unknown) and n not in solved}


def running(node: Node) -> Node:
    """The node below the peaks so far."""
    return replace(node, running=True) if isinstance(node, Shifted) else mapped(node, running)


def drop(node: Node, finite: bool = False) -> Node:
    """By how much a shifted array falls when a chunk raises the peak; of length 1 along the axis."""
    if not isinstance(node, Shifted):
        return mapped(node, lambda n: drop(n, finite))
    fall = kept(Drop(node.peak, finite))
    return fall if node.scale is None else Apply("multiply", (node.scale, fall))
