"""Arrays whose axes are labelled by indices, and the ways to bring labels together.

Contract. The labels say which index each own axis of a node stands for; two operands meet on the union of their labels.
A look-up at an index that is an argument, a number or an integer array removes the label.

Blind spot. Labels are compared as indices are, by letter and size: whoever opens a binder must use a letter of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gradproof.expression import Index

from .array import Align, Apply, Constant, Diagonal, Fill, Fold, Gather, Guard, Node, Take, Window


@dataclass(frozen=True)
class Labelled:
    """A node and the index that each of its own axes stands for."""

    node: Node
    axes: tuple[Index, ...] = ()


def constant(value: Fraction | int) -> Labelled:
    return Labelled(Constant(Fraction(value)))


def union(terms: Iterable[Labelled]) -> tuple[Index, ...]:
    """The labels of all terms, those of the term with most axes first."""
    order = sorted(terms, key=lambda t: -len(t.axes))
    return tuple(dict.fromkeys(a for t in order for a in t.axes))


def aligned(term: Labelled, axes: Sequence[Index]) -> Node:
    """The node with its axes in this order, of length 1 where it lacks one; plain numbers stay as they are."""
    node = term.node
    if node.static and not term.axes:
        return node
    pattern = tuple(term.axes.index(a) if a in term.axes else None for a in axes)
    if isinstance(node, Align):
        inner = node
        pattern = tuple(None if n is None else inner.axes[n] for n in pattern)
        node = node.value
    return node if pattern == tuple(range(node.rank)) else Align(node, pattern)


def apply(operation: str, *terms: Labelled) -> Labelled:
    """The operation entry by entry over the union of the labels."""
    axes = union(terms)
    return Labelled(Apply(operation, tuple(aligned(t, axes) for t in terms)), axes)


def guard(weight: Labelled, term: Labelled, fill: int | None) -> Labelled:
    """The term where the weight is not 0."""
    axes = union((term, weight))
    return Labelled(Guard(aligned(weight, axes), aligned(term, axes), fill), axes)


def spread(term: Labelled, axis: Index, size: Node) -> Labelled:
    """The term with a new last axis along which it is constant."""
    return Labelled(Fill(term.node, size), (*term.axes, axis))


def last(term: Labelled, *axes: Index) -> Labelled:
    """The term with these of its axes last."""
    order = (*(a for a in term.axes if a not in axes), *axes)
    return Labelled(aligned(term, order), order)


def fold(operation: str, term: Labelled, *axes: Index) -> Labelled:
    """The sum or product over these axes."""
    moved = last(term, *axes)
    node = moved.node
    for _ in axes:
        node = Fold(operation, node)
    return Labelled(node, moved.axes[: len(moved.axes) - len(axes)])


def relabel(term: Labelled, old: Index, new: Index) -> Labelled:
    """The term with `old` renamed; the diagonal where it has an axis `new` already."""
    if new not in term.axes:
        return Labelled(term.node, tuple(new if a == old else a for a in term.axes))
    moved = last(term, new, old)
    return Labelled(Diagonal(moved.node), moved.axes[:-1])


def window(term: Labelled, axis: Index, to: Index, start: int, size: Node) -> Labelled:
    """The term at `axis` = start + `to`, both counted from 0."""
    part = Index.of(f"{to.name}+{start}", to.size)
    moved = last(term, axis)
    return relabel(Labelled(Window(moved.node, start, size), (*moved.axes[:-1], part)), part, to)


def take(term: Labelled, axis: Index, position: int | Node) -> Labelled:
    moved = last(term, axis)
    return Labelled(Take(moved.node, position), moved.axes[:-1])


def gather(term: Labelled, axis: Index, index: Labelled) -> Labelled:
    rest = tuple(a for a in term.axes if a != axis)
    axes = union((Labelled(term.node, rest), index))
    return Labelled(Gather(aligned(term, (*axes, axis)), aligned(index, axes)), axes)


def product(number: Fraction, above: Sequence[Labelled], below: Sequence[Labelled]) -> Labelled:
    """number * (product of `above`) / (product of `below`), small operands first."""
    top = _times([*_number(abs(number.numerator)), *sorted(above, key=lambda t: len(t.axes))])
    under = _times([*_number(number.denominator), *sorted(below, key=lambda t: len(t.axes))])
    found = constant(1) if top is None else top
    if number < 0:
        found = apply("negative", found)
    return found if under is None else apply("divide", found, under)


def _number(value: int) -> list[Labelled]:
    return [] if value == 1 else [constant(value)]


def _times(terms: Sequence[Labelled]) -> Labelled | None:
    found: Labelled | None = None
    for t in terms:
        found = t if found is None else apply("multiply", found, t)
    return found
