"""Sums over the indices on one side of another: one cumulative operation instead of a square of terms.

Contract. sum_j [j <= i] f_j, with f free of i, is the cumulative sum of f at i; with [i <= j] it runs from the end. The
logarithm of such a sum of exponentials is cumulative too, by log(e^a + e^b), which never overflows. e^{a_i} times a sum
of f_j e^{b_j} is taken relative to the largest b_j so far.

Blind spot. Strict orders are left alone: taking the last term away again would cost digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gradproof.expression import Expr, Function, Index, Pow, Sum, add, is_whole, mul
from gradproof.expression.sizes import linear

from . import labelled, shift
from .array import Cumulative
from .labelled import Labelled
from .terms import ONE, called, factors, function

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


def scaled(context: Lowering, given: Sequence[Expr]) -> tuple[list[Expr], Labelled] | None:
    """e^a sum_j [j <= i] f_j e^{b_j} as (sum of f_j e^{b_j - M}) e^{a + M}, M the largest b; and the other factors."""
    plain, sums = [f for f in given if called(f, "exp")], [f for f in given if isinstance(f, Sum)]
    found = part(context, sums[0]) if plain and len(sums) == 1 else None
    if found is None:
        return None
    exponents, weights = _exponents(factors(found.body))
    if not exponents:
        return None
    with context.weighted(None):
        exponent, weight = context.lower(add(*exponents)), context.lower(mul(*weights))
        outside = context.lower(add(*(f.args[0] for f in plain)))
    if found.index not in exponent.axes or found.end in labelled.union((exponent, weight)):
        return None
    top = _running("max", found, exponent)
    sums_below = _running("scaled", found, exponent, weight)
    if top is None or sums_below is None:
        return None
    whole = labelled.apply("multiply", sums_below, labelled.apply("exp", labelled.apply("add", outside, top)))
    return [f for f in given if f not in plain and f is not sums[0]], whole


def _exponents(given: Sequence[Expr]) -> tuple[list[Expr], list[Expr]]:
    """The exponents of the exponentials, and of the powers of their sums; the other factors."""
    exponents, weights = list[Expr](), list[Expr]()
    for f in given:
        power = isinstance(f, Pow) and isinstance(f.args[0], Sum) and shift.is_sum_of_exponentials(f.args[0])
        if called(f, "exp"):
            exponents.append(f.args[0])
        elif power:
            exponents.append(mul(f.args[1], function("log", f.args[0])))
        else:
            weights.append(f)
    return exponents, weights


def _running(operation: str, found: Part, body: Labelled, weight: Labelled | None = None) -> Labelled | None:
    if found.index not in body.axes or found.end in body.axes:
        return None
    axes = tuple(a for a in labelled.union((body, *([weight] if weight else []))) if a != found.index)
    order = (*axes, found.index)
    below = None if weight is None else labelled.aligned(weight, order)
    node = Cumulative(operation, labelled.aligned(body, order), found.backwards, below)
    return Labelled(node, (*axes, found.end))
