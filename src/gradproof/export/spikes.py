"""Arrays that are 0 but at one entry of every row, as a class index gives them.

Contract. `one_hot` and `spike` find them by their form: a comparison of the running last index with an index that does
not vary along the last axis, times a factor that does not either.

Blind spot. The unit matrix, whose index runs along another axis, is left as it is.
"""

from __future__ import annotations

from .array import Align, Apply, Equal, Node, Range


def thin(node: Node) -> bool:
    """Whether it has length 1 along its last axis."""
    if isinstance(node, Align):
        return node.axes[-1] is None
    return node.static or (isinstance(node, Apply) and all(thin(n) for n in node.args))


def spike(node: Node) -> tuple[Node, Node | None] | None:
    """(index, c) where the node is c, or 1, where the last index has this value, and 0 elsewhere."""
    if (index := one_hot(node)) is not None:
        return index, None
    if isinstance(node, Apply) and node.operation == "multiply":
        for factor, other in (node.args, node.args[::-1]):
            if thin(factor) and (index := one_hot(other)) is not None:
                return index, factor
    return None


def one_hot(node: Node) -> Node | None:
    """The index at which the node is 1 along its last axis, being 0 elsewhere; it does not vary along that axis."""
    order, equal = _axes(node), _inner(node)
    if not isinstance(equal, Equal) or None in order:
        return None
    *others, last = (n for n in order if n is not None)
    for counted, index in ((equal.left, equal.right), (equal.right, equal.left)):
        if (
            not isinstance(_inner(counted), Range)
            or _axes(counted).index(0) != last
            or isinstance(_inner(index), Range)
        ):
            continue
        if not index.rank:
            return index
        places = _axes(index)
        if len(places) == equal.rank and places[last] is None:
            return realigned(_inner(index), tuple(places[n] for n in others))
    return None


def _inner(node: Node) -> Node:
    return node.value if isinstance(node, Align) else node


def _axes(node: Node) -> tuple[int | None, ...]:
    return node.axes if isinstance(node, Align) else tuple(range(node.rank))


def realigned(node: Node, axes: tuple[int | None, ...]) -> Node:
    return node if axes == tuple(range(node.rank)) else Align(node, axes)
