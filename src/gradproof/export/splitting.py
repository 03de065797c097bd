"""One axis in parts: the array program of a part, from that of the whole. The parts lie on shards, or come in time.

Contract. `split` follows the axis through the nodes. What is entry by entry stays within its part; a sum, product,
log-sum-exp or softmax along the axis, and a look-up in it, become nodes of `collective`, which join all parts: those of
several shards, or those of a stream one after another. So nobody ever holds the whole axis. What would need that is
NotExportable: a matrix with the axis twice, an order or a running sum along it.

Blind spot. An equation along the axis is solved with a collective in each step of the search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
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
    Solve,
    Take,
    Unknown,
    Window,
    walk,
)
from .collective import Across, Held, Merged
from .errors import NotExportable
from .module import Parameter, Result, Routine, local, start

Part = tuple[Node, int | None]  # a node on one shard, and where it has the axis: -1 the last, None nowhere


def split(routines: Sequence[Routine], size: str) -> tuple[Routine, ...]:
    """What is computed of the functions on one part of the axis of this size."""
    known = list(dict.fromkeys(a for r in routines for p in r.parameters for a in p.axes if a.isidentifier()))
    if size not in known:
        able = " or ".join(_splitting(routines, known))
        raise NotExportable(f"no argument has an axis of length {size}", expected=able or "an axis that can be split")
    try:
        return tuple(_split(r, size) for r in routines)
    except NotExportable as why:
        able = " or ".join(a for a in _splitting(routines, known) if a != size)
        advice = f"split {able}" if able else ""
        raise NotExportable(why.summary, expected=why.expected, found=why.found, advice=advice) from why


def _splitting(routines: Sequence[Routine], known: Sequence[str]) -> Iterator[str]:
    """The axes along which one of the functions can be split."""
    for size in known:
        with suppress(NotExportable):
            if any(_split(r, size).shard for r in routines):
                yield size


def _split(routine: Routine, size: str) -> Routine:
    if not any(size in p.axes for p in routine.parameters):
        return routine
    spread = _Spread(routine.parameters, size)
    groups = tuple(tuple(spread.result(r) for r in group) for group in routine.groups)
    parameters = tuple(_parameter(p, size) for p in routine.parameters)
    backward = _backward(routine.backward, size)
    return replace(routine, parameters=parameters, groups=groups, backward=backward, shard=size)


def _backward(routine: Routine | None, size: str) -> Routine | None:
    try:
        return None if routine is None else _split(routine, size)
    except NotExportable:
        return None


def _parameter(p: Parameter, size: str) -> Parameter:
    return replace(p, axes=tuple(local(size) if a == size else a for a in p.axes))


class _Spread:
    """Follows one axis through the nodes of a function."""

    def __init__(self, parameters: Sequence[Parameter], size: str, unknowns: Mapping[Node, int] | None = None) -> None:
        self.size = Size(size)
        self.local, self.start = Size(local(size)), Size(start(size))
        self.parameters, self.unknowns = parameters, unknowns or {}
        self.places = {p.name: _place(p, size) for p in parameters}
        self.part: Callable[[Node], Part] = cache(self._part)

    def result(self, r: Result) -> Result:
        node, at = self.part(r.node)
        axes = list(r.axes)
        if at is not None:
            axes[at] = self.local.name
        return replace(r, node=node, axes=tuple(axes))

    def supposing(self, unknown: Node, at: int) -> _Spread:
        """The same, where what an equation is solved for has the axis at this place."""
        return _Spread(self.parameters, self.size.name, {**self.unknowns, unknown: at})

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
            f"the axis {size} of {p.name} cannot be split into parts", found=f"axes {', '.join(p.axes)}"
        )
    return found[0] if found else None


def refusal(node: Node, size: str) -> NotExportable:
    return NotExportable(
        f"the axis {size} cannot be split into parts here, for {type(node).__name__} needs all of it at once",
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
            return Across("sum", product, label), None
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
    """Cumulative and Window act on the last axis."""
    value, at = s.part(node.value)  # type: ignore[attr-defined]
    others = [c for c in node.children if c != node.value]  # type: ignore[attr-defined]
    if at == -1 or any(s.part(c) != (c, None) for c in others):
        raise refusal(node, s.size.name)
    return replace(node, value=value), at  # type: ignore[call-arg]


def _take(s: _Spread, node: Node) -> Part:
    """The first entry, or one whose place is told by the sizes; another number may not be there to be found."""
    assert isinstance(node, Take)
    value, at = s.part(node.value)
    if at != -1:
        return Take(value, node.position), None if at is None else at + 1
    if isinstance(node.position, int) and node.position > 0:
        raise refusal(node, s.size.name)
    position = Constant(Fraction(0)) if isinstance(node.position, int) else node.position
    return Held(value, position, s.start), None


def _solve(s: _Spread, node: Node) -> Part:
    """All parts search together, and come to the same root; or each for the roots that are its own."""
    assert isinstance(node, Solve)
    gap, at = s.part(node.gap)
    if at is not None:  # the unknown has the axis where the equation has it
        gap, found = s.supposing(node.unknown, at).part(node.gap)
        if found != at:
            raise refusal(node, s.size.name)
    return replace(node, gap=gap), at


def _unknown(s: _Spread, node: Node) -> Part:
    return node, s.unknowns.get(node)


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
    Take: _take,
    Solve: _solve,
    Unknown: _unknown,
    Cumulative: _along_others,
    Window: _along_others,
    Fill: _fill,
}
