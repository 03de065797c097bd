"""Sums of products as array code: matrix products, scalar products, solutions of linear systems, einsum for the rest.

Contract. M^-1 v is solved for, unless something else asks for the inverse.

Blind spot. The order in which three arrays or more are multiplied is left to einsum.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .array import Contract, LinearAlgebra, Node
from .dialect import ATOM, MULTIPLY, UNARY

if TYPE_CHECKING:
    from .statements import Body


def _contract(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Contract)
    if (product := _matmul(body, node) or _solve(body, node)) is not None:
        return product
    if "dot" in body.dialect.forms and _is_dot(node):
        return body.form("dot", *(body.code(o) for o in node.operands)), ATOM
    letters = "abcdefghijklmnopqrstuvwxyz"
    inputs = ",".join("..." + "".join(letters[n] for n in labels) for labels in node.labels)
    output = "..." + "".join(letters[n] for n in node.output)
    operands = ", ".join(body.code(o) for o in node.operands)
    form = "einsum" if len(node.operands) < 3 else "einsum of several"
    return body.form(form, f"{inputs}->{output}", operands), ATOM


def _is_dot(node: Contract) -> bool:
    """Whether it is the sum of products along the last axis of two arrays."""
    return len(node.labels) == 2 and node.labels[0] == node.labels[1] and node.output == node.labels[0][:-1]


def _matmul(body: Body, node: Contract) -> tuple[str, int] | None:
    """A @ B, where that is what it is."""
    if [len(labels) for labels in node.labels] != [2, 2] or len(node.output) != 2:
        return None
    shared = set(node.labels[0]) & set(node.labels[1])
    if len(shared) != 1 or shared & set(node.output):
        return None
    order = (0, 1) if node.output[0] in node.labels[0] else (1, 0)
    shown = []
    for place, n in enumerate(order):
        plain = (node.labels[n][0] in shared) == (place == 1)
        operand = node.operands[n]
        shown.append(body.code(operand, UNARY) if plain else body.permuted(body.code(operand), (1, 0)))
    return " @ ".join(shown), MULTIPLY


def _solve(body: Body, node: Contract) -> tuple[str, int] | None:
    """M^-1 v, where nothing else asks for the inverse."""
    pairs = list(zip(node.operands, node.labels, strict=True))
    for (matrix, axes), (vector, along) in (pairs, pairs[::-1]) if len(pairs) == 2 else ():
        once = isinstance(matrix, LinearAlgebra) and matrix.operation == "inverse" and body.uses[matrix] == 1
        if not once or len(along) != 1 or along[0] not in axes or len(node.output) != 1 or along == node.output:
            continue
        whole = body.code(matrix.children[0])
        whole = whole if along[0] == axes[1] else body.permuted(whole, (1, 0))
        return body.form("solve", whole, body.code(vector, ATOM)), ATOM
    return None


WRITE: dict[type[Node], Callable[[Body, Node], tuple[str, int]]] = {Contract: _contract}
