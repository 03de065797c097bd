"""Which terms are continuous by their form. TRUSTED.

Contract. `continuous(e, moving)` is True only if e, where it is defined, is a continuous function of what is moving.

Blind spot. It looks at the form only: a derivative or a mean that is continuous is not found to be so, nor is a step
whose argument keeps its sign.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from gradproof.expression.calculus import Derivative, Expectation, Limit
from gradproof.expression.core import Expr
from gradproof.expression.families import Definition, Entry, OfMatrix, Ranking
from gradproof.expression.symbols import Application

JUMPS = (("step",), ("sign",))  # the data of functions that are not continuous


def continuous(e: Expr, moving: Collection[Any] | None = None) -> bool:
    """Whether a term, where it is defined, is by its form a continuous function of what is `moving`; None is all.

    A derivative, limit or mean need not be continuous in what it does not move, nor is the position of a sorted
    entry, nor the last derivative that an unknown function has.
    """
    if moving is not None and e.free.isdisjoint(moving):
        return True
    if e.data in JUMPS or isinstance(e, Derivative | Limit | Ranking | Expectation):
        return False
    if isinstance(e, Application) and e.order == e.function.orders:
        return False
    if isinstance(e, Entry | OfMatrix) and isinstance(e.base, Definition) and not continuous(e.base.body, moving):
        return False
    return all(continuous(a, moving) for a in e.args)
