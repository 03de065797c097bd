"""What may be the size of an index, which terms are whole numbers, and which of them lie in a range. TRUSTED.

Contract. An index runs over whole numbers from 1 to its size, and a size is at least 1. `least` is a lower bound of a
linear term with indices, sizes and labels; so l + 1 is known to lie in 1..T + 1 where l runs to T, and l - T to be at
most 0. `in_range` and `is_size` say yes only where it holds for all values of what the terms mention.

Blind spot. An index is replaced by its own ends, one by one: a condition that ties two indices (j <= i) is not seen.
"""

from __future__ import annotations

from fractions import Fraction

from gradproof.expression.binders import Bound
from gradproof.expression.core import Add, Expr, Mul, Number
from gradproof.expression.families import Array, Entry, OfMatrix, Ranking
from gradproof.expression.symbols import Delta, Function, Index, Symbol

ONE = Number.of(1)
Linear = dict[Expr, Fraction]  # the coefficient of each index, size or label; that of the number 1 is the constant


def is_size(e: Expr) -> bool:
    """Whether a term is, by its form, a whole number from 1 on: so that a sum over it has a term."""
    if isinstance(e, Number):
        return e.value >= 1 and e.value.denominator == 1
    if isinstance(e, Symbol):
        return e.domain.integer and e.domain.low is not None and e.domain.low >= 1
    return isinstance(e, Add | Mul) and all(is_size(a) for a in e.args)


def is_whole(e: Expr) -> bool:
    """Whether a term is, by its form, a whole number."""
    if isinstance(e, Number):
        return e.value.denominator == 1
    if isinstance(e, Symbol):
        return e.domain.integer
    if isinstance(e, Entry):
        return isinstance(e.base, Array) and (e.base.domain.integer or e.base.into is not None)
    if isinstance(e, Function):
        return e.name in ("step", "sign")
    return isinstance(e, Index | Bound | Delta) or (isinstance(e, Add | Mul) and all(is_whole(a) for a in e.args))


def out_of_range(e: Entry | OfMatrix) -> tuple[Expr, Expr] | None:
    """An index of the entry that is not known to lie in its range, with the size of that."""
    return next((p for p in zip(e.args, e.base.shape[: len(e.args)], strict=True) if not in_range(*p)), None)


def in_range(index: Expr, size: Expr) -> bool:
    """Whether an index is known to lie in 1..size, which has at least one number."""
    if not is_size(size):
        return False
    if isinstance(index, Index) and index.size == size:
        return True
    if isinstance(index, Entry) and isinstance(index.base, Array) and index.base.into == size:
        return True
    if isinstance(index, Ranking):
        return index.family.size == size and in_range(index.args[1], size)
    if index == ONE:
        return True
    return is_whole(index) and _at_least(index, 1) and _at_least(size - index, 0)


def _at_least(e: Expr, bound: int) -> bool:
    found = least(e)
    return found is not None and found >= bound


def least(e: Expr) -> Fraction | None:
    """A lower bound of a linear term with indices, sizes and labels; None where none is known."""
    form = linear(e)
    if form is None:
        return None
    while (running := next((a for a in form if top(a) is not None), None)) is not None:
        count = form.pop(running)
        size = linear(top(running) if count < 0 else ONE)  # type: ignore[arg-type]
        if size is None:
            return None
        form = _plus(form, size, count)
    if any(c < 0 for a, c in form.items() if a != ONE):
        return None
    return sum((c * _smallest(a) for a, c in form.items()), Fraction(0))


def _smallest(e: Expr) -> Fraction:
    """The smallest value of a size, and 1 for the number 1."""
    low = e.domain.low if isinstance(e, Symbol) else None
    return Fraction(1) if low is None else low


def greatest(e: Expr) -> Fraction | None:
    """An upper bound, as `least`."""
    found = least(-e)
    return None if found is None else -found


def top(e: Expr) -> Expr | None:
    """The largest value of an index or a label, or None for what is neither."""
    if isinstance(e, Index):
        return e.size if is_size(e.size) else None
    return e.base.into if isinstance(e, Entry) and isinstance(e.base, Array) else None


def linear(e: Expr) -> Linear | None:
    """The term as a sum of multiples of indices, sizes, labels and 1, or None; zero coefficients left out."""
    if isinstance(e, Number):
        return {ONE: e.value} if e.value else {}
    if isinstance(e, Add):
        total: Linear = {}
        for a in e.args:
            part = linear(a)
            if part is None:
                return None
            total = _plus(total, part, Fraction(1))
        return total
    if isinstance(e, Mul) and isinstance(e.args[0], Number):
        rest = linear(e.args[1] if len(e.args) == 2 else Mul(e.args[1:]))
        return None if rest is None else _plus({}, rest, e.args[0].value)
    return {e: Fraction(1)} if is_size(e) or top(e) is not None else None


def _plus(form: Linear, other: Linear, scale: Fraction) -> Linear:
    total = dict(form)
    for a, c in other.items():
        value = total.get(a, Fraction(0)) + scale * c
        if value:
            total[a] = value
        else:
            total.pop(a, None)
    return total
