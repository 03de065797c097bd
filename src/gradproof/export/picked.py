"""The log-softmax at an index, without the log-softmax; and p less 1 at the index, which its gradient is made of.

Contract. `picked` puts `LogAt` for a log-softmax of which nothing but the entry at an index is used, and `LessOne` for
p - [k = index] along the last axis. Both come from one pass over the logits. What they equal is what they replace.

Blind spot. A difference is found where it stands alone; t * p - t * [k = index] is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, TypeGuard

from .array import Apply, Constant, Gather, Node, Normal, Take
from .buffers import effective
from .frugal import frugal
from .module import Routine
from .spikes import one_hot

if TYPE_CHECKING:
    from .statements import Body


@dataclass(frozen=True)
class LogAt(Node):
    """The log-softmax of scale * value over the last axis, at an index."""

    value: Node
    index: Node
    scale: Node | None = None

    @property
    def rank(self) -> int:
        return self.value.rank - 1


@dataclass(frozen=True)
class LessOne(Node):
    """The softmax of scale * value over the last axis, less 1 at an index."""

    value: Node
    index: Node
    scale: Node | None = None

    @property
    def rank(self) -> int:
        return self.value.rank


def prepared(routine: Routine) -> Routine:
    """The function, and those that belong to it, rewritten for few passes over large arrays."""
    if routine.stream:
        return routine
    backward, together = (None if f is None else prepared(f) for f in (routine.backward, routine.together))
    return replace(frugal(picked(routine)), backward=backward, together=together)


def picked(routine: Routine) -> Routine:
    """The function with the two forms put where they fit."""
    whole = Counter(c for n in routine.nodes() if not isinstance(n, Gather | Take) for c in n.children)
    whole.update(r.node for r in routine.results)

    def found(node: Node) -> Node | None:
        if isinstance(node, Gather | Take) and not whole[node.value]:
            logs = node.value
            if _is_plain(logs, "log_softmax"):
                return LogAt(
                    logs.value, _counted(node.index if isinstance(node, Gather) else node.position), logs.scale
                )
        if isinstance(node, Apply) and (operands := effective(node))[0] == "subtract":
            p, one = operands[1]
            if _is_plain(p, "softmax") and p.rank == one.rank and (index := one_hot(one)) is not None:
                return LessOne(p.value, index, p.scale)
        return None

    return rewritten(routine, found)


def rewritten(routine: Routine, found: Callable[[Node], Node | None]) -> Routine:
    """The function with `found(node)` in place of each node for which that is one, from the results downwards."""

    @cache
    def new(node: Node) -> Node:
        node = found(node) or node
        changed = {f.name: _each(getattr(node, f.name), new) for f in fields(node)}
        return replace(node, **changed)

    groups = tuple(tuple(replace(r, node=new(r.node)) for r in group) for group in routine.groups)
    return replace(routine, groups=groups)


def _each(value: object, change: Callable[[Node], Node]) -> object:
    if isinstance(value, tuple):
        return tuple(_each(v, change) for v in value)
    return change(value) if isinstance(value, Node) else value


def _is_plain(node: Node, kind: str) -> TypeGuard[Normal]:
    return type(node) is Normal and node.kind == kind and node.weight is None


def _counted(index: Node | int) -> Node:
    return Constant(Fraction(index)) if isinstance(index, int) else index


def _pair(body: Body, node: Node) -> tuple[str, int]:
    """Both from one call, whichever is asked for first."""
    assert isinstance(node, LogAt | LessOne)
    if node in body.written:
        return body.written[node]
    pair = tuple(form(node.value, node.index, node.scale) for form in (LogAt, LessOne))
    names = [body.named(n, stem) if n in body.nodes else "_" for n, stem in zip(pair, ("log_p", "r"), strict=True)]
    given = [body.code(node.value), body.code(node.index)]
    given += [f"scale={body.code(node.scale)}"] if node.scale is not None else []
    body.lines.append(f"{', '.join(names)} = {body.helper('_softmax_at')}({', '.join(given)})")
    return body.written[node]


WRITE: dict[type[Node], Callable[[Body, Node], tuple[str, int]]] = {LogAt: _pair, LessOne: _pair}
