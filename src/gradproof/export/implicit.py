"""Roots and orders as arrays: equations to be solved entry by entry, and positions along an axis.

Contract. The equation of a root is lowered as it stands, its unknown having the axes that the root depends on. It is
monotone in the unknown, which is how it was known to have a solution; so a target may bisect.

Blind spot. The equation is not rewritten to a stable form: it is solved to the last digit of what it computes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradproof import expression as x
from gradproof.expression import Expr, Index

from . import labelled
from .array import Order, Solve, Unknown
from .labelled import Labelled

if TYPE_CHECKING:
    from .lower import Lowering


def root(context: Lowering, e: Expr) -> Labelled:
    assert isinstance(e, x.Root)
    axes = tuple(sorted((a for a in context.axes_of(e) if isinstance(a, Index)), key=lambda a: a.name))
    unknown = Unknown(len(context.unknowns), len(axes))
    context.unknowns[e.unknown] = Labelled(unknown, axes)
    with context.weighted(None):
        gap = labelled.apply("subtract", *(context.lower(side) for side in e.args))
    del context.unknowns[e.unknown]
    domain = e.unknown.domain
    return Labelled(Solve(unknown, labelled.aligned(gap, axes), domain.low, domain.high), axes)


def ranking(context: Lowering, e: x.Ranking) -> Labelled:
    axis = context.open(e.family)
    with context.weighted(None):
        family = context.lower(e.family.open(axis))
    if axis not in family.axes:
        family = labelled.spread(family, axis, context.size(axis.size))
    family = labelled.last(family, axis)
    return context.at(Labelled(Order(e.data[0], family.node), family.axes), axis, e.args[1])
