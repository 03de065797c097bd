"""What may stand as the size of an index."""

from __future__ import annotations

from gradproof.expression.core import Add, Expr, Mul, Number
from gradproof.expression.nodes import Symbol


def is_size(e: Expr) -> bool:
    """Whether a term is, by its form, a whole number from 1 on: so that a sum over it has a term."""
    if isinstance(e, Number):
        return e.value >= 1 and e.value.denominator == 1
    if isinstance(e, Symbol):
        return e.domain.integer and e.domain.low is not None and e.domain.low >= 1
    return isinstance(e, Add | Mul) and all(is_size(a) for a in e.args)
