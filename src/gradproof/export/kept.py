"""What a forward function keeps so that backward is one pass: the derivatives, where they share its work.

Contract. `kept` is for a loss that is a number for each row, and has a softmax, a root or the like in common with its
derivatives: forward computes both at once, and backward multiplies by the upstream gradient. Factors with an axis of
length 1 stay apart: they meet the upstream gradient before they meet the array. Where nothing is shared, to keep the
arguments is cheaper, and `kept` is None.

Blind spot. The derivatives in all arguments are kept, also in those of which the caller wants none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING

from .array import (
    Align,
    Apply,
    Argument,
    Constant,
    Cumulative,
    Guard,
    LinearAlgebra,
    Node,
    Normal,
    Order,
    Size,
    Solve,
    walk,
)
from .dialect import ATOM
from .module import Parameter, Result, Routine
from .names import unused
from .picked import LessOne, LogAt

if TYPE_CHECKING:
    from .statements import Body

ONE = Constant(Fraction(1))
LABOUR = (LinearAlgebra, Solve, Cumulative, Order)  # what is worth being shared, beside softmaxes


@dataclass(frozen=True)
class Kept:
    """The function with the arrays that it keeps as further results, and the backward function of those."""

    forward: Routine
    backward: Routine


@dataclass(frozen=True)
class Scaled(Node):
    """scale * value, and 0 where the scale is 0, also if the value is infinite there."""

    scale: Node
    value: Node

    @property
    def rank(self) -> int:
        return self.value.rank


def kept(r: Routine) -> Kept | None:
    """What to keep of a function whose derivatives are in `r.together`, if that is worth it."""
    if r.together is None or r.backward is None or r.shard:
        return None
    value, *slopes = r.together.results
    slopes_labour = set[tuple[Node | None, ...]]().union(*(_labour(s.node) for s in slopes))
    common = set(walk(value.node)).intersection(*(walk(s.node) for s in slopes))
    steps = [n for n in common if isinstance(n, Apply) and not n.static and n.operation != "negative"]
    if not _labour(value.node) & slopes_labour and len(steps) < 2:
        return None
    return _Keeping(r, value).all(slopes)


def _labour(node: Node) -> set[tuple[Node | None, ...]]:
    """The costly parts of a term; softmax and log-softmax of the same logits are one."""
    found: set[tuple[Node | None, ...]] = set()
    for n in walk(node):
        if isinstance(n, Normal):
            found.add((n.value, n.scale, n.weight))
        elif isinstance(n, LogAt | LessOne):
            found.add((n.value, n.scale, None))
        elif isinstance(n, LABOUR):
            found.add((n,))
    return found


class _Keeping:
    """Collects the arrays to be kept, each under a name."""

    def __init__(self, r: Routine, value: Result) -> None:
        self.routine = r
        self.value = value
        self.taken = {p.name for p in r.parameters} | set(r.sizes()) | set(r.seeds)
        self.names: dict[Node, Parameter] = {}

    def all(self, slopes: Sequence[Result]) -> Kept:
        backward = self.routine.backward
        assert backward is not None
        seed = Argument(self.routine.seeds[0], 0)
        guarded = any(isinstance(n, Guard) and seed in walk(n.weight) for n in backward.nodes())
        results = tuple(replace(s, node=self._scaled(s, seed, guarded)) for s in slopes)
        own = tuple(self.names.values())
        upstream = next(p for p in backward.parameters if p.name == seed.name)
        groups = ((self.value,), *((Result(p.name, n, p.axes, ""),) for n, p in self.names.items()))
        return Kept(
            replace(self.routine, groups=groups),
            Routine(backward.name, (upstream, *own), (results,), backward.formula),
        )

    def _scaled(self, slope: Result, seed: Argument, guarded: bool) -> Node:
        """The upstream gradient times the slope, in terms of what is kept."""
        rows, array = split(slope.node)
        negative, rows = rows.negative, replace(rows, negative=False)
        upstream: Node = Align(seed, (None,) * array.rank) if array.rank else seed
        if not rows.number:
            axes = tuple("1" if ones else a for ones, a in zip(rows.ones, slope.axes, strict=True))
            upstream = Apply("multiply", (upstream, self._named(rows.node, f"{slope.name}_rows", axes)))
        elif rows.sizes <= set(slope.axes):
            upstream = rows.of(upstream)
        else:
            array = rows.of(array)
        whole = self._named(array, f"{slope.name}_slope", slope.axes)
        found = Scaled(upstream, whole) if guarded else Apply("multiply", (upstream, whole))
        return Apply("negative", (found,)) if negative else found

    def _named(self, node: Node, stem: str, axes: tuple[str, ...]) -> Node:
        if node not in self.names:
            name = unused(stem, self.taken)
            self.taken.add(name)
            self.names[node] = Parameter(name, axes)
        return Argument(self.names[node].name, node.rank)


@dataclass(frozen=True)
class Rows:
    """A quotient of factors that are numbers or have an axis of length 1."""

    above: tuple[Node, ...] = ()
    below: tuple[Node, ...] = ()
    negative: bool = False

    def of(self, node: Node | None) -> Node:
        """The quotient times the node."""
        factors = [*([] if node is None else [node]), *self.above] or [ONE]
        node = reduce(lambda a, b: Apply("multiply", (a, b)), factors)
        node = reduce(lambda a, b: Apply("divide", (a, b)), self.below, node)
        return Apply("negative", (node,)) if self.negative else node

    @property
    def node(self) -> Node:
        return self.of(None)

    @property
    def number(self) -> bool:
        """Whether it is known once the sizes are."""
        return all(f.static for f in (*self.above, *self.below))

    @property
    def sizes(self) -> set[str]:
        return {n.name for f in (*self.above, *self.below) for n in walk(f) if isinstance(n, Size)}

    @property
    def ones(self) -> tuple[bool, ...]:
        """Which axes have length 1."""
        seen = [_ones(f) for f in (*self.above, *self.below) if not f.static]
        return tuple(all(axis) for axis in zip(*seen, strict=True))


def split(node: Node) -> tuple[Rows, Node]:
    """The factors of a product that stand apart, and what is left."""
    rows = Rows()
    while isinstance(node, Apply):
        if node.operation == "negative":
            rows, node = replace(rows, negative=not rows.negative), node.args[0]
        elif not node.rank:
            break
        elif node.operation == "multiply" and (small := next((a for a in node.args if _apart(a)), None)) is not None:
            rows = replace(rows, above=(*rows.above, small))
            node = node.args[node.args[0] is small]
        elif node.operation == "divide" and _apart(node.args[1]):
            rows, node = replace(rows, below=(*rows.below, node.args[1])), node.args[0]
        else:
            break
    return rows, node


def _apart(node: Node) -> bool:
    return node.static or any(_ones(node))


def _ones(node: Node) -> tuple[bool, ...]:
    """Which axes of the node have length 1."""
    if isinstance(node, Align):
        return tuple(n is None for n in node.axes)
    if isinstance(node, Apply):
        seen = [_ones(a) for a in node.args if not a.static]
        return tuple(all(axis) for axis in zip(*seen, strict=True))
    return (False,) * node.rank


def _scaled(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Scaled)
    return f"{body.helper('_scaled')}({body.code(node.scale)}, {body.code(node.value)})", ATOM


WRITE: dict[type[Node], Callable[[Body, Node], tuple[str, int]]] = {Scaled: _scaled}
