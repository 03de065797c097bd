"""What may be the size of an index, and which indices are known to lie in it."""

from __future__ import annotations

from gradproof.expression.core import Add, Expr, Mul, Number
from gradproof.expression.nodes import Array, Entry, Index, Symbol


def is_size(e: Expr) -> bool:
    """Whether a term is, by its form, a whole number from 1 on: so that a sum over it has a term."""
    if isinstance(e, Number):
        return e.value >= 1 and e.value.denominator == 1
    if isinstance(e, Symbol):
        return e.domain.integer and e.domain.low is not None and e.domain.low >= 1
    return isinstance(e, Add | Mul) and all(is_size(a) for a in e.args)


def out_of_range(e: Entry) -> tuple[Expr, Expr] | None:
    """An index of the entry that is not known to lie in its range, with the size of that."""
    return next((p for p in zip(e.args, e.base.shape, strict=True) if not in_range(*p)), None)


def in_range(index: Expr, size: Expr) -> bool:
    """Whether an index is known to lie in 1..size, which has at least one number."""
    if not is_size(size):
        return False
    if isinstance(index, Index):
        return index.size == size
    if isinstance(index, Entry) and isinstance(index.base, Array):
        return index.base.into == size
    if not isinstance(index, Number) or index.value.denominator != 1 or index.value < 1:
        return False
    return index.value == 1 or (isinstance(size, Number) and index.value <= size.value)
