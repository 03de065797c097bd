"""Sums over the indices on one side of another: one cumulative operation instead of a square of terms.

Contract. sum_j [j <= i] f_j, with f free of i, is the cumulative sum of f at i; with [i <= j] it runs from the end. The
logarithm of such a sum of exponentials is cumulative too, by log(e^a + e^b), which never overflows.

Blind spot. Strict orders are left alone: taking the last term away again would cost digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gradproof.expression import Expr, Function, Index, Sum, is_whole, mul
from gradproof.expression.sizes import linear

from . import labelled, shift
from .array import Cumulative
from .labelled import Labelled
from .terms import ONE, called, factors

if TYPE_CHECKING:
    from .lower import Lowering


@dataclass(frozen=True)
class Part:
    """The sum of `body` over the indices up to `end`, or from it on."""

    body: Expr
    index: Index
    end: Index
    backwards: bool


def is_order(e: Expr) -> bool:
    """Whether the term is the indicator of an order of indices."""
    return isinstance(e, Function) and called(e, "step") and is_whole(e.args[0])


def part(context: Lowering, e: Sum) -> Part | None:
    """What is summed up to where, if that is what the term is."""
    index = context.open(e)
    inside = factors(e.open(index))
    orders = [f for f in inside if is_order(f)]
    if len(orders) != 1:
        return None
    body = mul(*(f for f in inside if f is not orders[0]))
    form = dict(linear(orders[0].args[0]) or {})
    one, sign = form.pop(ONE, 0), form.pop(index, 0)
    end = next(iter(form), None)
    ordered = one == 1 and abs(sign) == 1 and len(form) == 1 and form.get(end, 0) == -sign  # type: ignore[arg-type]
    if not ordered or not isinstance(end, Index) or end.size != e.size or not context.is_axis(end):
        return None
    return Part(body, index, end, sign > 0) if end not in body.free and index in body.free else None


def total(context: Lowering, e: Sum) -> Labelled | None:
    """The sum as a cumulative one."""
    found = part(context, e)
    if found is None:
        return None
    with context.weighted(None):
        return _running("sum", found, context.lower(found.body))


def logarithm(context: Lowering, e: Sum) -> Labelled | None:
    """log of the sum, for exponentials without weights."""
    found = part(context, e)
    inside = None if found is None else shift.exponent(found.body)
    if found is None or inside is None or inside[1]:
        return None
    with context.weighted(None):
        return _running("logsumexp", found, context.lower(inside[0]))


def _running(operation: str, found: Part, body: Labelled) -> Labelled | None:
    if found.index not in body.axes or found.end in body.axes:
        return None
    moved = labelled.last(body, found.index)
    node = Cumulative(operation, moved.node, found.backwards)
    return Labelled(node, (*moved.axes[:-1], found.end))
