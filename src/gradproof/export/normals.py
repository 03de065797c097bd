"""Softmaxes and their logarithms as statements: all that is wanted of one row, with one exponential.

Contract. The values over one row f (`softmax`, `log_softmax`, `logsumexp`, and an entry of the logarithm at an index)
that a function needs are written by one call, where the dialect has a helper for that combination. The whole
log-softmax is not stored where it is only looked up at one index.

Blind spot. A helper gives two values; three of one row, or look-ups at two indices beside a softmax, are written in
several calls.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .array import Apply, Gather, Label, Node, Normal, Take, walk
from .dialect import ATOM, Dialect
from .spikes import thin

if TYPE_CHECKING:
    from .statements import Body

NAMES = {"softmax": "p", "log_softmax": "log_p", "logsumexp": "lse"}


@dataclass(frozen=True)
class Call:
    """A call of a helper, and the nodes that it gives: the softmax, or `factor` times it, and what stands beside it."""

    helper: str
    wanted: tuple[Node, ...]
    factor: Node | None = None

    @property
    def row(self) -> Normal:
        return next(m for n in self.wanted for m in (n, *n.children) if isinstance(m, Normal))


class Rows:
    """Which values of a row are written together, by a call that is listed for each of them."""

    def __init__(self, nodes: Collection[Node], results: Collection[Node], dialect: Dialect) -> None:
        self.helpers = dialect.helpers
        self.together: dict[Node, Call] = {}
        users: dict[Node, list[Node]] = defaultdict(list)
        for n in nodes:
            for c in n.children:
                users[c].append(n)
        kinds: dict[tuple[Node, ...], dict[str, Normal]] = defaultdict(dict)
        for n in nodes:
            if type(n) is Normal and n.weight is None:
                kinds[n.value, *([n.scale] if n.scale else [])][n.kind] = n
        for row in kinds.values():
            product = self._multiplied(row.get("softmax"), users, results) if dialect.softmax_times else None
            self._join(row, product, self._looked_up(row.get("log_softmax"), users, results))

    def _looked_up(self, logs: Node | None, users: Mapping[Node, list[Node]], results: Collection[Node]) -> Node | None:
        """The one look-up in a log-softmax that is used for nothing else."""
        if logs is None or logs in results or len(users[logs]) != 1:
            return None
        (found,) = users[logs]
        if isinstance(found, Take):
            return found
        own = type(found) is Gather and found.value == logs
        return found if own and not any(isinstance(n, Normal) for n in walk(found.children[1])) else None

    def _multiplied(self, p: Node | None, users: Mapping[Node, list[Node]], results: Collection[Node]) -> Node | None:
        """The product of the softmax with a factor that does not vary along its row, if nothing else needs it."""
        if p is None or p in results or len(users[p]) != 1:
            return None
        (product,) = users[p]
        if not isinstance(product, Apply) or product.operation != "multiply":
            return None
        factor = _factor(product, p)
        alone = not any(isinstance(n, Normal) and n.value == p.children[0] for n in walk(factor))
        return product if thin(factor) and not factor.static and alone else None

    def _join(self, row: Mapping[str, Normal], product: Node | None, entry: Node | None) -> None:
        p, logs, total = row.get("softmax"), row.get("log_softmax"), row.get("logsumexp")
        beside = entry or logs or total
        if p is None:
            helper, wanted = "_log_softmax_at", [entry]
        elif beside is None:
            helper, wanted = "_softmax", [product]
        else:
            kind = "log_at" if entry else "log" if logs else "logsumexp"
            helper, wanted = f"_softmax_with_{kind}", [product or p, beside]
        given = tuple(n for n in wanted if n is not None)
        if given and helper in self.helpers:
            self.together |= dict.fromkeys(given, Call(helper, given, _factor(product, p) if product and p else None))


def _factor(product: Node, p: Node) -> Node:
    return product.children[0] if product.children[1] == p else product.children[1]


def _normal(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Normal)
    if node in body.rows.together:
        return together(body, node)
    logs = Normal("log_softmax", node.value, node.scale, node.weight)
    if node.kind == "softmax" and logs in body.nodes:
        shown = body.code(logs) if node.weight is None else filled(body, node.weight, None, logs)
        return f"{body.dialect.module}.exp({shown})", ATOM
    name = body.helper(f"_{node.kind}" if node.weight is None else f"_weighted_{node.kind}")
    given = [body.code(node.value)] if node.weight is None else [body.code(node.value), body.code(node.weight)]
    given += [f"scale={body.code(node.scale)}"] if node.scale is not None else []
    return f"{name}({', '.join(given)})", ATOM


def filled(body: Body, weight: Node, fill: int | None, value: Node) -> str:
    """The value, or what it is where the weight is 0."""
    shown = f"-{body.dialect.module}.inf" if fill is None else fill
    return body.form("where", body.code(weight), shown, body.code(value))


def together(body: Body, node: Node) -> tuple[str, int]:
    """A call that gives all that is wanted of the row; several values get their names at once."""
    call = body.rows.together[node]
    entry = call.wanted[-1]
    given = [body.code(call.row.value)]
    if isinstance(entry, Gather | Take):
        place = entry.index if isinstance(entry, Gather) else entry.position
        given.append(str(place) if isinstance(place, int) else body.code(place))
    given += [f"scale={body.code(call.row.scale)}"] if call.row.scale is not None else []
    given += [f"times={body.code(call.factor)}"] if call.factor is not None else []
    shown = f"{body.helper(call.helper)}({', '.join(given)})"
    if len(call.wanted) == 1:
        return shown, ATOM
    names = [body.named(n, _name(n)) for n in call.wanted]
    body.lines.append(f"{', '.join(names)} = {shown}")
    return body.written[node]


def _name(node: Node) -> str:
    if isinstance(node, Gather | Take):
        index = node.index if isinstance(node, Gather) else None
        return f"log_p_{index.name}" if isinstance(index, Label) else "log_p_at"
    return NAMES[node.kind] if isinstance(node, Normal) else "p"


def _gather(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Gather)
    if node in body.rows.together:
        return together(body, node)
    return f"{body.helper('_gather')}({body.code(node.value)}, {body.code(node.index)})", ATOM


def _take(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Take)
    if node in body.rows.together:
        return together(body, node)
    position = str(node.position) if isinstance(node.position, int) else body.code(node.position)
    return f"{body.code(node.value, ATOM)}[..., {position}]", ATOM


WRITE: dict[type[Node], Callable[[Body, Node], tuple[str, int]]] = {Normal: _normal, Gather: _gather, Take: _take}
