"""Matrices among terms: products found, transposed and added; which way a matrix lies in memory.

Contract. A product has two operands, of the rows and of the columns of the result; its data says of each whether the
axis that is summed over comes last. It is transposed by exchanging them, also below a sum or a scaling, so that a
result is written as it will lie; and a x + a y is one product a (x + y).

Blind spot. Where both a x and a y are needed on their own, a (x + y) is one product more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from .. import array as a
from ..contraction import matrices

if TYPE_CHECKING:
    from .terms import Term, Terms

ONE = "1"
STORED = ("fold", "solve", "whole", "product", "columns")  # what is in an array of its own where it is needed whole
LINEAR = ("add", "subtract", "negative", "multiply", "divide")


def product(terms: Terms, node: a.Contract) -> Term | None:
    """The contraction as a product of two matrices, if it is one."""
    order = matrices(node)
    if order is None:
        return None
    args = [terms.of(node.operands[n]) for n in order]
    if any(ONE in t.shape for t in args):
        return None
    return _made(terms, args, [node.labels[n][-1] not in node.output for n in order])


def _made(terms: Terms, args: list[Term], k_last: list[bool]) -> Term:
    shape = [t.shape[not last] for t, last in zip(args, k_last, strict=True)]
    return terms.make("product", tuple(k_last), args, shape)


def transposed(terms: Terms, value: Term) -> Term | None:
    """The transpose of what is made from a product, if it is."""
    if value.kind == "product":
        return _made(terms, list(value.args[::-1]), list(cast("tuple[bool, bool]", value.data)[::-1]))
    if value.kind != "apply" or value.data not in LINEAR:
        return None
    found = [transposed(terms, t) for t in value.args]
    if all(t is None for t in found):
        return None
    other = [t if not t.shape else terms.align(t, (1, 0)) for t in value.args]
    return terms.apply(str(value.data), *(f or o for f, o in zip(found, other, strict=True)))


def joined(terms: Terms, operation: str, args: tuple[Term, ...]) -> Term | None:
    """The sum or difference of two products with a common operand as one product."""
    if operation not in ("add", "subtract"):
        return None
    left, right = args
    if operation == "add" and right.kind == "apply" and right.data == "negative":
        operation, right = "subtract", right.args[0]
    if left.kind != "product" or right.kind != "product":
        return None
    for same, other in ((0, 1), (1, 0)):
        last, also = (cast("tuple[bool, bool]", t.data) for t in (left, right))
        if left.args[same] is right.args[same] and last[same] == also[same]:
            there, more = left.args[other], right.args[other]
            more = more if last[other] == also[other] else terms.align(more, (1, 0))
            operands = [left.args[same], terms.apply(operation, there, more)]
            return _made(terms, operands if same == 0 else operands[::-1], list(last))
    return None


def strided(value: Term) -> bool:
    """Whether the matrices of a term with two axes are contiguous along the first and not along the last."""
    if len(value.shape) != 2 or ONE in value.shape:
        return False
    return set(_ways(value, False)) == {True}


def _ways(value: Term, turned: bool) -> Iterator[bool]:
    """For each matrix in memory: whether it lies the other way round."""
    if len(value.shape) != 2:
        return
    if value.kind in ("argument", "product"):
        yield turned
    elif value.kind == "align":
        if len(value.args[0].shape) == 2:
            yield from _ways(value.args[0], turned != (value.data == (1, 0)))
    elif value.kind not in STORED:
        for t in value.args:
            yield from _ways(t, turned)
