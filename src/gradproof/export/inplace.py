"""Results written over arrays that are not needed any more.

Contract. `written` is asked before a node is written as an expression. Where one of its operands may take the result,
or where it adds to one entry of every row, it appends the statement that does so and gives the node the name of that
array; or it gives a call that looks first whether the result fits. What is written over was made by the function
itself, never by its caller.

Blind spot. It takes the order of statements as it comes; another order might free an array earlier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .array import Apply, Argument, Node
from .buffers import effective
from .dialect import ADD, ATOM, NAMESAKES, UNARY
from .spikes import spike

if TYPE_CHECKING:
    from .statements import Body

ASSIGNED = {"add": "+=", "subtract": "-=", "multiply": "*=", "divide": "/="}
CALLED = {
    "add": "_plus",
    "subtract": "_minus",
    "multiply": "_times",
    "divide": "_over",
}  # written over the first if it fits
COMMUTES = ("add", "multiply")
UNARIES = (*NAMESAKES, "negative")
Written = tuple[str, int]  # an expression, and how strongly it binds


def written(body: Body, node: Node) -> Written | None:
    """The value of the node, left in the memory of an operand."""
    if not isinstance(node, Apply) or node in body.buffers.inside or node in body.rows.together:
        return None
    return _at_one_entry(body, node) or _over_operand(body, node)


def _over_operand(body: Body, node: Apply) -> Written | None:
    operation, operands = effective(node)
    targets = body.buffers.targets(node)
    number = not node.rank and body.dialect.numbers  # it may be no array, which alone is written over
    form = f"over by {operation}" if f"over by {operation}" in body.dialect.forms else "over"
    unary = operation in UNARIES or form != "over"
    if not targets or (operation not in ASSIGNED and (not unary or number)):
        return None
    if "over" not in body.dialect.forms:  # the first operand is written over, or nothing is
        targets = tuple(n for n in targets if operation not in ASSIGNED or operation in COMMUTES or n == operands[0])
    for n in operands:
        body.code(n)  # whatever else reads the targets is written first
    ready = [n for n in targets if body.buffers.free(n, node, body.done)]
    fitting = [n for n in ready if body.buffers.fits(n, node)]
    if not ready:
        return None
    target = (fitting or ready)[0]
    place = operands.index(target)
    others = [*operands[:place], *operands[place + 1 :]]  # the target again, in x + x
    first = operation in ASSIGNED and (operands[0] == target or operation in COMMUTES)
    if number and not (first and fitting and target in body.done):
        return None
    if first and not fitting:
        body.over.add(node)
        return f"{body.helper(CALLED[operation])}({body.code(target)}, {body.code(others[0])})", ATOM
    name = _own_name(body, target)
    if first:
        body.lines.append(f"{name} {ASSIGNED[operation]} {body.code(others[0])}")
        return _kept(body, node, name)
    room = name if fitting else f"{body.helper('_room')}({name}, {_own_name(body, others[0])})"
    shown = body.form(form, operation, ", ".join(body.code(n) for n in operands), room)
    if not fitting:
        body.over.add(node)
        return shown, ATOM
    body.lines.append(shown)
    return _kept(body, node, name)


def _own_name(body: Body, target: Node) -> str:
    """The name of a value, which is given one if it has none."""
    shown = body.code(target)
    if target in body.done or isinstance(target, Argument):
        return shown
    name = body.named(target, "t")
    body.lines.append(f"{name} = {shown}")
    return name


def _kept(body: Body, node: Node, name: str) -> Written:
    """The node goes by the name of the array that it was written over."""
    body.written[node] = name, ATOM
    body.done.add(node)
    return name, ATOM


def _at_one_entry(body: Body, node: Apply) -> Written | None:
    """x + c * (1 where the last index has some value, else 0)."""
    operation, operands = effective(node)
    if operation not in ("add", "subtract") or not node.rank or not body.buffers.large(node):
        return None
    places = (1, 0) if operation == "add" else (1,)
    found = next(((operands[1 - n], s) for n in places if (s := spike(operands[n])) is not None), None)
    if found is None or body.buffers.lengths(found[0]) != body.buffers.lengths(node):
        return None
    values, (index, factor) = found
    if not body.buffers.large(values):
        return None
    amount = "1" if factor is None else body.code(factor, UNARY if operation == "subtract" else ADD)
    amount = f"-{amount}" if operation == "subtract" else amount
    shown, place = body.code(values), body.code(index)
    own = body.buffers.new(values) and body.buffers.free(values, node, body.done)
    added = f"{body.helper('_add_at')}({shown if own else body.form('copy', shown)}, {place}, {amount})"
    if own and values in body.done:
        body.lines.append(f"{shown} = {added}")
        return _kept(body, node, shown)
    body.over.add(node)
    return added, ATOM
