"""Sums over indices as contractions of arrays.

Contract. Nested sums become one; factors that no summed index touches stand outside; a product of two arrays is summed
without being stored. A sum is split into sums only where an outer product would have to be stored otherwise.

Blind spot. The order of contraction of three arrays or more is left to the target.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.expression import Add, Expr, Index, Sum, mul

from . import labelled
from .array import Contract, Unknown, walk
from .labelled import Labelled
from .terms import factors

if TYPE_CHECKING:
    from .lower import Lowering


def total(context: Lowering, e: Expr) -> Labelled:
    """A sum, with those directly below it."""
    axes: list[Index] = []
    outside: list[Expr] = []
    while True:
        if isinstance(e, Sum):
            axes.append(context.open(e))
            e = e.open(axes[-1])
        inside = [f for f in factors(e) if f.free & set(axes)]
        outside.extend(f for f in factors(e) if f not in inside)
        e = mul(*inside)
        if not isinstance(e, Sum):
            break
    weight = context.weight
    with context.weighted(None):
        found = _split(context, e, axes)
    with context.weighted(weight):
        return labelled.product(*context.parts(outside, [found])) if outside else found


def _split(context: Lowering, e: Expr, axes: Sequence[Index]) -> Labelled:
    if isinstance(e, Add) and _stores_outer_product(context, e):
        return context.lower(Add(tuple(_bound(t, axes) for t in e.args)))
    return _of_product(context, e, axes)


def _bound(e: Expr, axes: Sequence[Index]) -> Expr:
    for axis in reversed(axes):
        e = Sum.over(axis, e)
    return e


def _stores_outer_product(context: Lowering, e: Add) -> bool:
    whole = context.axes_of(e)
    return not any(context.axes_of(f) == whole for t in e.args for f in factors(t))


def _of_product(context: Lowering, e: Expr, axes: Sequence[Index]) -> Labelled:
    number, above, below = context.parts(factors(e))
    operands = _divided([t for t in above if t.axes], [t for t in below if t.axes])
    present = {a for t in operands for a in t.axes}
    sizes = [Labelled(context.size(a.size)) for a in axes if a not in present]
    found = _contracted(operands, [a for a in axes if a in present])
    scalars = [t for t in above if not t.axes]
    return labelled.product(number, [*sizes, *scalars, *found], [t for t in below if not t.axes])


def _divided(above: list[Labelled], below: Sequence[Labelled]) -> list[Labelled]:
    """Each divisor under a dividend that has all its axes, or 1."""
    for divisor in below:
        place = next((n for n, t in enumerate(above) if set(divisor.axes) <= set(t.axes)), None)
        if place is None:
            above.append(labelled.product(Fraction(1), [], [divisor]))
        else:
            above[place] = labelled.apply("divide", above[place], divisor)
    return above


def _contracted(operands: list[Labelled], axes: Sequence[Index]) -> list[Labelled]:
    if not axes:
        return operands
    operands = _combined(operands)
    if len(operands) == 1:
        return [labelled.fold("sum", operands[0], *axes)]
    order = labelled.union(operands)
    kept = tuple(a for a in order if a not in axes)
    numbers: dict[Index, int] = {}
    for t in operands:
        for a in t.axes:
            numbers.setdefault(a, len(numbers))
    labels = tuple(tuple(numbers[a] for a in t.axes) for t in operands)
    return [Labelled(Contract(tuple(t.node for t in operands), labels, tuple(numbers[a] for a in kept)), kept)]


def _combined(operands: list[Labelled]) -> list[Labelled]:
    """Multiply entry by entry where that stores nothing larger than an operand, until two are left."""
    operands = sorted(operands, key=lambda t: len(t.axes))
    while len(operands) > 2:
        pair = next(
            ((a, b) for a in operands for b in operands if a is not b and set(a.axes) <= set(b.axes)),
            None,
        )
        if pair is None:
            break
        rest = [t for t in operands if t is not pair[0] and t is not pair[1]]
        operands = sorted([*rest, labelled.apply("multiply", *pair)], key=lambda t: len(t.axes))
    return operands


def matrices(node: Contract) -> tuple[int, int] | None:
    """Of a matrix product: which operand has the rows of the result, and which the columns."""
    if len(node.operands) != 2 or len(node.output) != 2:
        return None
    summed = {n for labels in node.labels for n in labels} - set(node.output)
    if len(summed) != 1 or any(isinstance(n, Unknown) for n in walk(node)):
        return None
    wanted = [{n, *summed} for n in node.output]
    for rows, columns in ((0, 1), (1, 0)):
        found = [node.labels[rows], node.labels[columns]]
        if [set(labels) for labels in found] == wanted and all(len(labels) == 2 for labels in found):
            return rows, columns
    return None
