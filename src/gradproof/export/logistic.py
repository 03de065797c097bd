"""Logistic functions of one argument, with one exponential: softplus(x), sigmoid(x), softplus(-x), sigmoid(-x).

Contract. Each of them is made of exp(-|x|). Where a function needs softplus(x) and sigmoid(x) alone and the dialect has
a form `logistic pair`, one call gives both; where it needs others, exp(-|x|) is computed once (form `decay`) and handed
to each.

Blind spot. That a - b is the negative of b - a is not seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from .array import Apply, Node
from .dialect import ATOM

if TYPE_CHECKING:
    from .statements import Body

LOGISTIC = ("softplus", "sigmoid")


def argument(node: Node) -> Node:
    """x, for a logistic function of x or of -x."""
    inner = node.children[0]
    return inner.children[0] if isinstance(inner, Apply) and inner.operation == "negative" else inner


def companions(nodes: Collection[Node]) -> Mapping[Node, frozenset[Node]]:
    """For each argument of several logistic functions, these."""
    found: dict[Node, set[Node]] = defaultdict(set)
    for n in nodes:
        if isinstance(n, Apply) and n.operation in LOGISTIC and not n.static:
            found[argument(n)].add(n)
    return {x: frozenset(functions) for x, functions in found.items() if len(functions) > 1}


def shared(body: Body, node: Apply) -> tuple[str, int] | None:
    """An expression for a logistic function that has companions."""
    if node.operation not in LOGISTIC or "decay" not in body.dialect.forms:
        return None
    x = argument(node)
    if x not in body.logistic:
        return None
    if len(body.logistic[x]) == 2 and len({n.children for n in body.logistic[x]}) == 1:
        return _pair(body, node)
    return f"{body.helper(f'_{node.operation}')}({body.code(node.args[0])}, {_decay(body, node)})", ATOM


def _pair(body: Body, node: Apply) -> tuple[str, int]:
    given = body.code(node.args[0])
    names = [body.named(Apply(operation, node.args), operation) for operation in LOGISTIC]
    body.lines.append(f"{', '.join(names)} = {body.form('logistic pair', given)}")
    return body.written[node]


def _decay(body: Body, node: Apply) -> str:
    """The name of exp(-|x|)."""
    x = argument(node)
    known = Apply("decay", (x,))
    if known not in body.written:
        shown = body.form("decay", body.code(x if body.uses[x] > 1 else node.args[0]))
        body.lines.append(f"{body.named(known, 'e')} = {shown}")
    return body.written[known][0]
