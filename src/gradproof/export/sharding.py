"""One axis over several shards: the array program of each, from that of the whole.

Contract. `sharded` follows the axis through the nodes. What is entry by entry stays on its shard; a sum, product,
log-sum-exp or softmax along the axis, and a look-up in it, become collectives; so no shard ever holds the whole axis.
What would need that is NotExportable: a matrix with the axis twice, an order or a running sum along it.

Blind spot. A collective is called where it is needed; several small ones are not joined.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from .array import (
    Align,
    Apply,
    Argument,
    Constant,
    Contract,
    Cumulative,
    Equal,
    Fill,
    Fold,
    Gather,
    Guard,
    Label,
    Node,
    Normal,
    Range,
    Size,
    Take,
    Window,
    walk,
)
from .collective import Across, Held, Merged
from .errors import NotExportable
from .module import Parameter, Result, Routine, local, start

Part = tuple[Node, int | None]  # a node on one shard, and where it has the axis: -1 the last, None nowhere


SHARDED = {
    "torch": "The axis {0} is split over the processes of a group of torch.distributed, in the order of their ranks; "
    "the parts may differ in length. Every process calls the function with its part. What has no axis {0} must be the "
    "same in all, also the upstream gradient of a result without it; class indices count over the whole axis.",
    "jax": "The axis {0} is split over the devices along axis_name of a mesh: call the functions inside jax.shard_map. "
    "Class indices count over the whole axis; what has no axis {0} must be the same on all devices.",
}


def split(routines: Sequence[Routine], size: str, target: str) -> tuple[Routine, ...]:
    """The functions for one shard of the axis of this size."""
    if target not in SHARDED:
        raise NotExportable(f"target {target!r} has no shards", expected=" or ".join(SHARDED))
    known = dict.fromkeys(a for r in routines for p in r.parameters for a in p.axes)
    if size not in known:
        raise NotExportable(f"no argument has an axis of length {size}", expected=" or ".join(known))
    return tuple(sharded(r, size) for r in routines)


def sharded(routine: Routine, size: str) -> Routine:
    """What each shard computes of the function, the axis of length `size` being split."""
    if not any(size in p.axes for p in routine.parameters):
        return routine
    spread = _Spread(routine, size)
    groups = tuple(tuple(spread.result(r) for r in group) for group in routine.groups)
    parameters = tuple(_parameter(p, size) for p in routine.parameters)
    return Routine(
        routine.name, parameters, groups, routine.formula, routine.seeds, _backward(routine.backward, size), size
    )


def _backward(routine: Routine | None, size: str) -> Routine | None:
    try:
        return None if routine is None else sharded(routine, size)
    except NotExportable:
        return None


def _parameter(p: Parameter, size: str) -> Parameter:
    return replace(p, axes=tuple(local(size) if a == size else a for a in p.axes))


class _Spread:
    """Follows one axis through the nodes of a function."""

    def __init__(self, routine: Routine, size: str) -> None:
        self.size = Size(size)
        self.local, self.start = Size(local(size)), Size(start(size))
        self.places = {p.name: _place(p, size) for p in routine.parameters}
        self.part: Callable[[Node], Part] = cache(self._part)

    def result(self, r: Result) -> Result:
        node, at = self.part(r.node)
        axes = list(r.axes)
        if at is not None:
            axes[at] = self.local.name
        return replace(r, node=node, axes=tuple(axes))

    def node(self, node: Node) -> Node:
        return self.part(node)[0]

    def _part(self, node: Node) -> Part:
        if type(node) in SPREAD:
            return SPREAD[type(node)](self, node)
        if self.touches(node):
            raise refusal(node, self.size.name)
        return node, None

    def touches(self, node: Node) -> bool:
        """Whether the node depends on the axis at all."""
        parts = [self.part(c) for c in node.children]
        return any(at is not None or part != c for (part, at), c in zip(parts, node.children, strict=True))

    def shared(self, node: Node, places: Sequence[int | None]) -> int | None:
        """The one place where operands have the axis."""
        found = {p for p in places if p is not None}
        if len(found) > 1:
            raise refusal(node, self.size.name)
        return next(iter(found), None)


def _place(p: Parameter, size: str) -> int | None:
    found = [n - len(p.axes) for n, a in enumerate(p.axes) if a == size]
    if len(found) > 1 or any(a != size and re.search(rf"\b{size}\b", a) for a in p.axes):
        raise NotExportable(
            f"the axis {size} of {p.name} cannot be split over shards", found=f"axes {', '.join(p.axes)}"
        )
    return found[0] if found else None


def refusal(node: Node, size: str) -> NotExportable:
    return NotExportable(
        f"the axis {size} cannot be split over shards here, for {type(node).__name__} needs all of it at once",
        expected="sums, products, log-sum-exps and look-ups along it, and what is entry by entry",
    )


def _argument(s: _Spread, node: Node) -> Part:
    assert isinstance(node, Argument)
    return node, s.places.get(node.name)


def _whole(s: _Spread, node: Node) -> Part:
    return node, None


def _range(s: _Spread, node: Node) -> Part:
    assert isinstance(node, Range)
    if node.size == s.size:
        return Apply("add", (Range(s.local), s.start)), -1
    return _static_only(s, node, node.size)


def _static_only(s: _Spread, node: Node, size: Node) -> Part:
    if s.size in walk(size):
        raise refusal(node, s.size.name)
    return node, None


def _align(s: _Spread, node: Node) -> Part:
    assert isinstance(node, Align)
    value, at = s.part(node.value)
    if at is not None:
        at = node.axes.index(at + node.value.rank) - len(node.axes)
    return Align(value, node.axes), at


def _apply(s: _Spread, node: Node) -> Part:
    assert isinstance(node, Apply)
    parts = [s.part(a) for a in node.args]
    return Apply(node.operation, tuple(p for p, _ in parts)), s.shared(node, [at for _, at in parts])


def _fold(s: _Spread, node: Node) -> Part:
    assert isinstance(node, Fold)
    value, at = s.part(node.value)
    folded = Fold(node.operation, value)
    if at == -1:
        return Across(node.operation, folded), None
    return folded, None if at is None else at + 1


def _contract(s: _Spread, node: Node) -> Part:
    assert isinstance(node, Contract)
    parts = [s.part(o) for o in node.operands]
    split = {labels[at] for labels, (_, at) in zip(node.labels, parts, strict=True) if at is not None}
    if len(split) > 1:
        raise refusal(node, s.size.name)
    product = replace(node, operands=tuple(p for p, _ in parts))
    for label in split:
        if any(at is None and label in labels for labels, (_, at) in zip(node.labels, parts, strict=True)):
            raise refusal(node, s.size.name)
        if label not in node.output:
            return Across("sum", product), None
        return product, node.output.index(label) - len(node.output)
    return product, None


def _normal(s: _Spread, node: Node) -> Part:
    assert isinstance(node, Normal)
    given = [None if n is None else s.part(n) for n in (node.value, node.scale, node.weight)]
    at = s.shared(node, [g[1] for g in given if g is not None])
    value, scale, weight = (None if g is None else g[0] for g in given)
    assert value is not None
    if at == -1:
        return Merged(node.kind, value, scale, weight), None if node.kind == "logsumexp" else -1
    shift = node.kind == "logsumexp" and at is not None
    return Normal(node.kind, value, scale, weight), at + 1 if shift and at is not None else at


def _pair(s: _Spread, node: Node) -> Part:
    """Guard and Equal, whose operands broadcast."""
    names = ("weight", "value") if isinstance(node, Guard) else ("left", "right")
    parts = {n: s.part(getattr(node, n)) for n in names}
    at = s.shared(node, [at for _, at in parts.values()])
    return replace(node, **{n: p for n, (p, _) in parts.items()}), at


def _gather(s: _Spread, node: Node) -> Part:
    assert isinstance(node, Gather)
    (value, at), (index, of) = s.part(node.value), s.part(node.index)
    if at == -1:
        if of is not None:
            raise refusal(node, s.size.name)
        return Held(value, index, s.start), None
    return Gather(value, index), s.shared(node, [None if at is None else at + 1, of])


def _along_others(s: _Spread, node: Node) -> Part:
    """Take, Cumulative and Window act on the last axis."""
    value, at = s.part(node.value)  # type: ignore[attr-defined]
    others = [c for c in node.children if c != node.value]  # type: ignore[attr-defined]
    if at == -1 or any(s.part(c) != (c, None) for c in others):
        raise refusal(node, s.size.name)
    lost = isinstance(node, Take) and at is not None
    return replace(node, value=value), at + 1 if lost and at is not None else at  # type: ignore[call-arg]


def _fill(s: _Spread, node: Node) -> Part:
    assert isinstance(node, Fill)
    value, at = s.part(node.value)
    if node.size != s.size:
        _static_only(s, node, node.size)
        return Fill(value, node.size), None if at is None else at - 1
    if at is not None:
        raise refusal(node, s.size.name)
    return Fill(value, s.local), -1


SPREAD: dict[type[Node], Callable[[_Spread, Node], Part]] = {
    Argument: _argument,
    Label: _argument,
    Constant: _whole,
    Size: _whole,
    Range: _range,
    Align: _align,
    Apply: _apply,
    Fold: _fold,
    Contract: _contract,
    Normal: _normal,
    Guard: _pair,
    Equal: _pair,
    Gather: _gather,
    Take: _along_others,
    Cumulative: _along_others,
    Window: _along_others,
    Fill: _fill,
}
