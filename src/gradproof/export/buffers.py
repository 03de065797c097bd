"""Which arrays a function may write over: those that it made itself, that nothing needs any more, and that fit.

Contract. `targets` lists, for an operation entry by entry, the operands whose memory may take the result: new arrays of
real numbers with all own axes of the result. One `fits` if it depends on every argument that the result may depend on,
so that no batch axis is missing from it; otherwise that has to be asked when the function runs. `free` tells, while a
function is being written, whether all else that reads the array or a view of it stands in statements written before.

Blind spot. Small arrays, which have fewer own axes than the largest, are left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import cache

from .array import (
    Align,
    Apply,
    Argument,
    Constant,
    Contract,
    Cumulative,
    Diagonal,
    Equal,
    Fill,
    Fold,
    Gather,
    Guard,
    Label,
    LinearAlgebra,
    Node,
    Normal,
    Order,
    Range,
    Size,
    Solve,
    Take,
    Unknown,
    Window,
    walk,
)
from .module import Routine
from .spikes import thin

Length = str | tuple[Node, int] | Node | None  # of an own axis; None is 1, a pair is not known otherwise
UNSURE = "?"  # 1 or another length
NEW = (Apply, Normal, Contract, Gather, Equal, Fill, Fold, LinearAlgebra)  # kinds whose result shares no memory
VIEWS = (Align, Take, Window, Diagonal, Guard)  # kinds whose result may share the memory of what they are of


class Buffers:
    """The arrays of one function; those `given` are new arrays whatever their kind."""

    def __init__(self, routine: Routine, given: Collection[Node] = ()) -> None:
        self.axes = {p.name: p.axes for p in routine.parameters}
        self.given = given
        self.nodes = routine.nodes()
        self.users: dict[Node, list[Node]] = defaultdict(list)
        for n in self.nodes:
            for c in {*n.children, *self._read_beside(n)}:
                self.users[c].append(n)
        for n in self.nodes:  # a softmax is written as the exponential of its logarithm, where that is wanted too
            if isinstance(n, Normal) and n.kind == "softmax" and (logs := replace(n, kind="log_softmax")) in self.nodes:
                self.users[logs].append(n)
        self.results = {r.node for r in routine.results}
        self.inside = {m for n in self.nodes if isinstance(n, Solve) for m in walk(n.gap)}
        self.lengths: Callable[[Node], tuple[Length, ...]] = cache(self._lengths)
        self.possibly: Callable[[Node], frozenset[str]] = cache(self._possibly)
        self.surely: Callable[[Node], frozenset[str]] = cache(self._surely)
        self.targets: Callable[[Node], tuple[Node, ...]] = cache(self._targets)
        self.most = max((n.rank for n in self.nodes if not n.static and not whole(n)), default=0)

    def _read_beside(self, node: Node) -> tuple[Node, ...]:
        """The log-softmax, where there is one: a softmax may be written as its exponential."""
        logs = replace(node, kind="log_softmax") if isinstance(node, Normal) and node.kind == "softmax" else node
        return (logs,) if logs != node and logs in self.nodes else ()

    def large(self, node: Node) -> bool:
        return node.rank == self.most and not node.static and not whole(node) and not (node.rank and thin(node))

    def new(self, node: Node) -> bool:
        """Whether it is a large array that the function makes, and does not return as it is."""
        twice = is_negative(node) and is_negative(node.children[0])
        if isinstance(node, Guard):  # the array itself, or a new one; then it holds no axis that the array lacks
            return self.new(node.value) and self.lengths(node) == self.lengths(node.value)
        made = isinstance(node, NEW) or node in self.given
        return made and self.large(node) and node not in self.results and not twice

    def view(self, node: Node) -> bool:
        return isinstance(node, VIEWS) and node not in self.given

    def _targets(self, node: Node) -> tuple[Node, ...]:
        """The operands that the result may be written over if it has no more batch axes and nothing else needs them."""
        if not isinstance(node, Apply) or not self.large(node) or node in self.inside:
            return ()
        own, operands = self.lengths(node), effective(node)[1]
        if UNSURE in own:
            return ()
        return tuple(n for n in operands if self.new(n) and self.lengths(n) == own)

    def fits(self, target: Node, reader: Apply) -> bool:
        """Whether the other operands have no batch axes beyond the target's, however the function is called."""
        known = self.surely(target)
        return all(self.possibly(n) <= known for n in effective(reader)[1] if n != target)

    def free(self, target: Node, reader: Node, done: Collection[Node]) -> bool:
        """Whether only the reader still reads the target; `done` are the nodes with statements of their own."""
        readers = {reader, *(n for n in reader.children if is_negative(n) and self.users[n] == [reader])}
        own = all(n in readers or self._read(n, done) for n in self.users[target] if n is not target)
        return own and (not isinstance(target, Guard) or self.free(target.value, target, done))

    def _read(self, node: Node, done: Collection[Node]) -> bool:
        if node in done and not self.view(node) and node not in self.inside:  # a search runs its steps later
            return True
        return node not in self.results and all(self._read(n, done) for n in self.users[node])

    def worth_naming(self, node: Node) -> bool:
        """Whether something that the node reads could be written over if the node stood in a statement of its own."""
        if not self.most or self.view(node) or node in self.inside:
            return False
        return any(len(self.users[n]) > 1 and self._rewritten(n) for n in map(self.viewed, node.children))

    def _rewritten(self, node: Node) -> bool:
        readers = [m for n in self.users[node] for m in ([n, *self.users[n]] if is_negative(n) else [n])]
        return any(node in self.targets(n) for n in readers)

    def viewed(self, node: Node) -> Node:
        """What a view is of."""
        return self.viewed(node.children[-1 if isinstance(node, Guard) else 0]) if self.view(node) else node

    def _lengths(self, node: Node) -> tuple[Length, ...]:
        if isinstance(node, Argument) and node.name in self.axes:
            return self.axes[node.name]
        if type(node) in LENGTHS:
            return LENGTHS[type(node)](self, node)
        return tuple((node, n) for n in range(node.rank))

    def joint(self, nodes: Collection[Node]) -> tuple[Length, ...]:
        """The lengths of the axes where the nodes meet entry by entry."""
        rank = max(n.rank for n in nodes)
        return met([self.lengths(n) for n in nodes if n.rank == rank])

    def _possibly(self, node: Node) -> frozenset[str]:
        """The arguments, the batch axes of which the node may have."""
        own = {node.name} if isinstance(node, Argument) else {f"unknown {node}"} if isinstance(node, Unknown) else set()
        return frozenset(own).union(*(self.possibly(c) for c in node.children))

    def _surely(self, node: Node) -> frozenset[str]:
        """The arguments, the batch axes of which the node has."""
        if isinstance(node, Argument | Solve | Unknown):
            return frozenset((node.name,) if isinstance(node, Argument) else ())
        read = (node.value,) if isinstance(node, Guard) else node.children
        return frozenset[str]().union(*(self.surely(c) for c in read))


def is_negative(node: Node) -> bool:
    return isinstance(node, Apply) and node.operation == "negative"


def effective(node: Apply) -> tuple[str, tuple[Node, ...]]:
    """The operation and its operands, a + -b being a - b, and a - -b a + b."""
    opposite = {"add": "subtract", "subtract": "add"}.get(node.operation)
    if opposite is not None and is_negative(node.args[1]):
        return opposite, (node.args[0], node.args[1].children[0])
    return node.operation, node.args


def whole(node: Node) -> bool:
    """Whether the values are of an integer type."""
    if isinstance(node, Label | Range | Order):
        return True
    if isinstance(node, Equal) or (isinstance(node, Apply) and node.operation == "real"):
        return False
    return any(whole(c) for c in node.children) and all(whole(c) or c.static for c in node.children)


def met(shapes: Sequence[tuple[Length, ...]]) -> tuple[Length, ...]:
    """The shape that those shapes, of one rank, have together."""
    known = (sorted((n for n in at if n is not None), key=lambda n: n == UNSURE) for at in zip(*shapes, strict=True))
    return tuple(lengths[0] if lengths else None for lengths in known)


def length(size: Node) -> Length:
    """The length that a size is."""
    if isinstance(size, Size):
        return size.name
    return str(size.value) if isinstance(size, Constant) else size


def _aligned(known: Buffers, node: Node) -> tuple[Length, ...]:
    assert isinstance(node, Align)
    inner = known.lengths(node.value)
    return tuple(None if n is None else inner[n] for n in node.axes)


def _contracted(known: Buffers, node: Node) -> tuple[Length, ...]:
    assert isinstance(node, Contract)
    found: dict[int, Length] = {}
    for operand, labels in zip(node.operands, node.labels, strict=True):
        for letter, size in zip(labels, known.lengths(operand), strict=True):
            found[letter] = size if found.get(letter) is None else found[letter]
    return tuple(found[letter] for letter in node.output)


def _guarded(known: Buffers, node: Node) -> tuple[Length, ...]:
    """A guard may give the value as it is: then it has no axis that only the weight has."""
    assert isinstance(node, Guard)
    own = known.lengths(node.value) if node.value.rank == node.rank else (None,) * node.rank
    return tuple(
        UNSURE if n is None and m is not None else n for n, m in zip(own, known.joint(node.children), strict=True)
    )


def _gathered(known: Buffers, node: Node) -> tuple[Length, ...]:
    assert isinstance(node, Gather)
    shapes = [known.lengths(node.value)[:-1], known.lengths(node.index)]
    return met([s for s in shapes if len(s) == node.rank])


LENGTHS: dict[type[Node], Callable[[Buffers, Node], tuple[Length, ...]]] = {
    Align: _aligned,
    Contract: _contracted,
    Apply: lambda known, n: known.joint(n.children),
    Equal: lambda known, n: known.joint(n.children),
    Guard: lambda known, n: _guarded(known, n),
    Fold: lambda known, n: known.lengths(n.value)[:-1],  # type: ignore[attr-defined]
    Gather: lambda known, n: _gathered(known, n),
    Take: lambda known, n: known.lengths(n.value)[:-1],  # type: ignore[attr-defined]
    Diagonal: lambda known, n: known.lengths(n.value)[:-1],  # type: ignore[attr-defined]
    Normal: lambda known, n: known.joint(n.children)[: n.rank],
    Cumulative: lambda known, n: known.lengths(n.value),  # type: ignore[attr-defined]
    Order: lambda known, n: known.lengths(n.value),  # type: ignore[attr-defined]
    Window: lambda known, n: (*known.lengths(n.value)[:-1], length(n.size)),  # type: ignore[attr-defined]
    Fill: lambda known, n: (*known.lengths(n.value), length(n.size)),  # type: ignore[attr-defined]
    Range: lambda known, n: (length(n.size),),  # type: ignore[attr-defined]
}
