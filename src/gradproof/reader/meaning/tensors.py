"""Vectors and matrices as families of entries, so that their formulas become sums over indices.

Contract. A tensor is its shape and a function from indices to the entry. Products follow the rules of matrices: inner
sizes must agree, a column times a row is a matrix; nothing is broadcast.

Blind spot. A vector is a column unless it is transposed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from gradproof.expression import Expr, Index, Number, Sum, abstract, add, mul

_FRESH = count()


class Mismatch(Exception):
    """Two shapes that do not fit; the message says how."""


@dataclass(frozen=True)
class Tensor:
    """`entry(indices)` at indices within `shape`; `row` if it is a transposed vector; `ones` if its length is open."""

    shape: tuple[Expr, ...]
    entry: Callable[[tuple[Expr, ...]], Expr]
    row: bool = False
    ones: bool = False

    @property
    def flipped(self) -> Tensor:
        if len(self.shape) == 2 and not self.ones:
            return Tensor(self.shape[::-1], lambda i: self.entry(i[::-1]))
        return Tensor(self.shape, self.entry, not self.row, self.ones)


Value = Expr | Tensor

ONES = Tensor((), lambda _: Number.of(1), ones=True)


def fresh(size: Expr) -> Index:
    """An index that nothing else can be."""
    return Index.of(f"\0{next(_FRESH)}", size)


def summed(size: Expr, body: Callable[[Expr], Expr], hint: str) -> Expr:
    """The sum of body(i) over an index of its own."""
    index = fresh(size)
    return Sum((size, abstract(body(index), (index,))), (), hint)


def mapped(function: Callable[[Expr], Expr], a: Tensor) -> Tensor:
    return Tensor(a.shape, lambda i: function(a.entry(i)), a.row, a.ones)


def combined(function: Callable[..., Expr], *parts: Tensor) -> Tensor:
    """Entry by entry, of tensors of one shape."""
    first = next((p for p in parts if not p.ones), parts[0])
    for p in parts:
        if not p.ones and (p.shape != first.shape or p.row != first.row):
            raise Mismatch(f"{described(first)} meets {described(p)}")
    return Tensor(first.shape, lambda i: function(*(p.entry(i) for p in parts)), first.row, first.ones)


def sum_of(parts: list[tuple[int, Tensor]]) -> Tensor:
    signs = [s for s, _ in parts]
    return combined(lambda *e: add(*(signed(s, x) for s, x in zip(signs, e, strict=True))), *(p for _, p in parts))


def signed(sign: int, e: Expr) -> Expr:
    return e if sign > 0 else mul(Number.of(-1), e)


def times(a: Value, b: Value, dot: bool = False) -> Value:
    """The product of two values; `dot` if a product sign stands between two vectors."""
    if not isinstance(a, Tensor):
        left: Expr = a
        return mul(left, b) if isinstance(b, Expr) else mapped(lambda e: mul(left, e), b)
    if not isinstance(b, Tensor):
        right: Expr = b
        return mapped(lambda e: mul(e, right), a)
    if a.ones and b.ones:
        raise Mismatch("a product of ones of unknown length")
    if a.ones:
        a = Tensor((b.shape[0],) if a.row else b.shape[-1:], a.entry, a.row)
    if b.ones:
        b = Tensor((a.shape[-1],), b.entry, b.row)
    return _product(a, b, dot)


def _product(a: Tensor, b: Tensor, dot: bool) -> Value:
    match len(a.shape), len(b.shape):
        case 1, 1 if (a.row and not b.row) or (dot and a.row == b.row):
            _agree(a, a.shape[0], b, b.shape[0])
            return summed(a.shape[0], lambda i: mul(a.entry((i,)), b.entry((i,))), "i")
        case 1, 1 if b.row and not a.row:
            return Tensor((*a.shape, *b.shape), lambda i: mul(a.entry(i[:1]), b.entry(i[1:])))
        case 2, 1 if not b.row:
            _agree(a, a.shape[1], b, b.shape[0])
            return Tensor(
                a.shape[:1], lambda i: summed(b.shape[0], lambda m: mul(a.entry((*i, m)), b.entry((m,))), "j")
            )
        case 1, 2 if a.row:
            _agree(a, a.shape[0], b, b.shape[0])
            return Tensor(
                b.shape[1:], lambda i: summed(a.shape[0], lambda m: mul(a.entry((m,)), b.entry((m, *i))), "i"), True
            )
        case 2, 2:
            _agree(a, a.shape[1], b, b.shape[0])
            return Tensor(
                (a.shape[0], b.shape[1]),
                lambda i: summed(b.shape[0], lambda m: mul(a.entry((i[0], m)), b.entry((m, i[1]))), "j"),
            )
    raise Mismatch(f"{described(a)} times {described(b)}")


def _agree(a: Tensor, one: Expr, b: Tensor, other: Expr) -> None:
    if one != other:
        raise Mismatch(f"{described(a)} times {described(b)}")


def described(a: Tensor) -> str:
    sizes = " x ".join(x.data[0] if x.data and isinstance(x.data[0], str) else repr(x) for x in a.shape)
    if a.ones:
        return "the vector of ones"
    return f"a matrix of {sizes}" if len(a.shape) == 2 else f"a {'row' if a.row else 'column'} of {sizes}"
