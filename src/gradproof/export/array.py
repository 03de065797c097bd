"""The array language that every target is written from: positional axes, whole-array operations, no names of indices.

Contract. A node is an array with `rank` own axes, which stand last; any batch axes before them broadcast. Reductions,
normalisations and look-ups act on the last own axis, so a target needs one form of each. Equal computations are equal
nodes, whatever letters their indices had; a target may compute each node once.

Blind spot. Lengths are not checked here: the target checks those of the arguments, the rest follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property


@dataclass(frozen=True)
class Node:
    """An array expression."""

    @cached_property
    def children(self) -> tuple[Node, ...]:
        found: list[Node] = []
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, Node):
                found.append(value)
            elif isinstance(value, tuple):
                found.extend(v for v in value if isinstance(v, Node))
        return tuple(found)

    @property
    def rank(self) -> int:
        """The number of own axes."""
        return 0

    @cached_property
    def static(self) -> bool:
        """Whether it is a plain number once the sizes are known."""
        return bool(self.children) and all(c.static for c in self.children)


@dataclass(frozen=True)
class Argument(Node):
    """A real argument."""

    name: str
    axes: int

    @property
    def rank(self) -> int:
        return self.axes

    @cached_property
    def static(self) -> bool:
        return False


@dataclass(frozen=True)
class Label(Argument):
    """An integer argument that counts from 0."""


@dataclass(frozen=True)
class Constant(Node):
    """An exact number, or `pi`."""

    value: Fraction | str

    @cached_property
    def static(self) -> bool:
        return True


@dataclass(frozen=True)
class Size(Node):
    """The length of the axis called `name`."""

    name: str

    @cached_property
    def static(self) -> bool:
        return True


@dataclass(frozen=True)
class Range(Node):
    """0, 1, ..., size - 1 along one axis."""

    size: Node

    @property
    def rank(self) -> int:
        return 1

    @cached_property
    def static(self) -> bool:
        return False


@dataclass(frozen=True)
class Align(Node):
    """The axes of `value` in another order, with axes of length 1 where `axes` has None."""

    value: Node
    axes: tuple[int | None, ...]

    @property
    def rank(self) -> int:
        return len(self.axes)


@dataclass(frozen=True)
class Apply(Node):
    """An operation entry by entry; arguments have one rank, or are static."""

    operation: str
    args: tuple[Node, ...]

    @property
    def rank(self) -> int:
        return max(a.rank for a in self.args)


@dataclass(frozen=True)
class Fold(Node):
    """`sum` or `prod` over the last axis."""

    operation: str
    value: Node

    @property
    def rank(self) -> int:
        return self.value.rank - 1


@dataclass(frozen=True)
class Contract(Node):
    """The sum of products: operand n has axes `labels[n]`; labels that `output` lacks are summed over."""

    operands: tuple[Node, ...]
    labels: tuple[tuple[int, ...], ...]
    output: tuple[int, ...]

    @property
    def rank(self) -> int:
        return len(self.output)


@dataclass(frozen=True)
class Cumulative(Node):
    """The `sum`, `logsumexp` or `max` of the first entries along the last axis; `backwards`: of the last ones.

    `scaled` is the sum of weight * exp(value - max), the largest value so far.
    """

    operation: str
    value: Node
    backwards: bool
    weight: Node | None = None

    @property
    def rank(self) -> int:
        return self.value.rank


@dataclass(frozen=True)
class Normal(Node):
    """Over the last axis of f = scale * value, shifted by the maximum, with T = log sum weight * exp(f):

    `logsumexp` T; `log_softmax` f - T; `softmax` exp(f - T), and 0 where the weight is 0: it is what the weight will
    multiply. `scale` is positive and has length 1 along the axis.
    """

    kind: str
    value: Node
    scale: Node | None = None
    weight: Node | None = None

    @property
    def rank(self) -> int:
        return self.value.rank - (self.kind == "logsumexp")


@dataclass(frozen=True)
class Guard(Node):
    """`value` where `weight` is not 0, and `fill` where it is: what the weight will multiply does not matter there.

    `fill` None is -inf.
    """

    weight: Node
    value: Node
    fill: int | None

    @property
    def rank(self) -> int:
        return max(self.weight.rank, self.value.rank)


@dataclass(frozen=True)
class Equal(Node):
    """1 where two index values are equal, else 0."""

    left: Node
    right: Node

    @property
    def rank(self) -> int:
        return max(self.left.rank, self.right.rank)


@dataclass(frozen=True)
class Gather(Node):
    """The entry along the last axis of `value` at `index`, whose axes are the others of `value`."""

    value: Node
    index: Node

    @property
    def rank(self) -> int:
        return self.value.rank - 1


@dataclass(frozen=True)
class Take(Node):
    """The entry at a fixed position, from 0, along the last axis; a position may depend on the sizes."""

    value: Node
    position: int | Node

    @property
    def rank(self) -> int:
        return self.value.rank - 1


@dataclass(frozen=True)
class Window(Node):
    """The entries from `start` on, `size` of them, along the last axis."""

    value: Node
    start: int
    size: Node

    @property
    def rank(self) -> int:
        return self.value.rank


@dataclass(frozen=True)
class Diagonal(Node):
    """The diagonal of the last two axes, as the last axis."""

    value: Node

    @property
    def rank(self) -> int:
        return self.value.rank - 1


@dataclass(frozen=True)
class LinearAlgebra(Node):
    """`inverse`, `det` or `logdet` (of the magnitude) of the square matrices along the last two axes."""

    operation: str
    value: Node

    @property
    def rank(self) -> int:
        return 2 if self.operation == "inverse" else 0

    @cached_property
    def static(self) -> bool:
        return False


@dataclass(frozen=True)
class Fill(Node):
    """`value` repeated along a new last axis."""

    value: Node
    size: Node

    @property
    def rank(self) -> int:
        return self.value.rank + 1

    @cached_property
    def static(self) -> bool:
        return False


@dataclass(frozen=True)
class Unknown(Node):
    """What an equation is solved for: an array with `axes` own axes, at the `depth`-th equation within another."""

    depth: int
    axes: int

    @property
    def rank(self) -> int:
        return self.axes

    @cached_property
    def static(self) -> bool:
        return False


@dataclass(frozen=True)
class Solve(Node):
    """The unknown for which `gap`, monotone in it, is 0; between `low` and `high`, entry by entry."""

    unknown: Unknown
    gap: Node
    low: Fraction | None
    high: Fraction | None

    @property
    def rank(self) -> int:
        return self.unknown.rank

    @cached_property
    def static(self) -> bool:
        return False


@dataclass(frozen=True)
class Order(Node):
    """`argsort` or `rank` of the entries along the last axis, from 0."""

    kind: str
    value: Node

    @property
    def rank(self) -> int:
        return self.value.rank


def walk(node: Node) -> Iterator[Node]:
    """The nodes of an expression, each once, every one after those it is made of."""
    seen: set[Node] = set()

    def visit(n: Node) -> Iterator[Node]:
        if n not in seen:
            for child in n.children:
                yield from visit(child)
            seen.add(n)
            yield n

    yield from visit(node)
