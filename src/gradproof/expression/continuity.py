"""Which terms are continuous by their form. TRUSTED.

Contract. `continuous(e, moving)` is True only if e, where it is defined, is a continuous function of what is moving.

Blind spot. It looks at the form only: a derivative or a mean that is continuous is not found to be so, nor is a step
whose argument keeps its sign.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from gradproof.expression.binders import Bound, Product, Sum
from gradproof.expression.calculus import Root
from gradproof.expression.core import Add, Expr, Mul, Number, Pow, Relation
from gradproof.expression.families import Definition, Entry, OfMatrix
from gradproof.expression.symbols import Application, Constant, Delta, Function, Index, Symbol

UNBROKEN = (
    "exp", "log", "log1p", "expm1", "sigmoid", "softplus", "tanh", "abs", "relu", "sin", "cos", "lgamma", "relentr",
)  # fmt: skip
# Terms that are continuous where they are defined, if their parts are; a root, as its equation is monotone in it.
CONTINUOUS = (
    Number, Symbol, Index, Bound, Constant, Delta, Entry, OfMatrix, Root, Application, Function,
    Add, Mul, Pow, Relation, Sum, Product,
)  # fmt: skip


def continuous(e: Expr, moving: Collection[Any] | None = None) -> bool:
    """Whether a term, where it is defined, is by its form a continuous function of what is `moving`; None is all.

    A derivative, limit or mean need not be continuous in what it does not move, nor is the position of a sorted
    entry, nor the last derivative that an unknown function has.
    """
    if moving is not None and e.free.isdisjoint(moving):
        return True
    if not isinstance(e, CONTINUOUS) or (isinstance(e, Function) and e.name not in UNBROKEN):
        return False
    if isinstance(e, Application) and e.order == e.function.orders:
        return False
    if isinstance(e, Entry | OfMatrix) and isinstance(e.base, Definition) and not continuous(e.base.body, moving):
        return False
    return all(continuous(a, moving) for a in e.args)
