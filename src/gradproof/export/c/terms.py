"""Array expressions in the form that loops are made from: every term knows the lengths of its own axes.

Contract. `Terms.of` gives one term for equal nodes. Contractions become sums of products, and softmax, log-softmax and
log-sum-exp the two reductions they consist of, so that all of them share a largest entry and a total.

Blind spot. A node kind without a line in `BUILD` is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from .. import array as a
from ..errors import NotExportable
from . import matrices
from .normal import less_indicator, normal
from .words import argument

ONE = "1"  # the length of an axis that broadcasts


@dataclass(frozen=True, eq=False)
class Term:
    """An operation on terms; equal only to itself. `shape` has the lengths of its own axes, in C."""

    kind: str
    data: object
    args: tuple[Term, ...]
    shape: tuple[str, ...]


class Terms:
    """Makes terms, each once; `shapes` has the lengths of the axes of every argument."""

    def __init__(self, shapes: Mapping[str, tuple[str, ...]]) -> None:
        self.shapes = shapes
        self.made: dict[tuple[object, ...], Term] = {}
        self.known: dict[a.Node, Term] = {}
        self.unknowns: dict[int, tuple[str, ...]] = {}

    def of(self, node: a.Node) -> Term:
        if node not in self.known:
            build = BUILD.get(type(node))
            if build is None:
                raise NotExportable(f"the target c has no code for {type(node).__name__.lower()} nodes")
            self.known[node] = build(self, node)
        return self.known[node]

    def make(self, kind: str, data: object, args: Sequence[Term], shape: Sequence[str]) -> Term:
        key = (kind, data, tuple(shape), *(id(t) for t in args))
        if key not in self.made:
            self.made[key] = Term(kind, data, tuple(args), tuple(shape))
        return self.made[key]

    def apply(self, operation: str, *args: Term) -> Term:
        if (found := matrices.joined(self, operation, args)) is not None:
            return found
        return self.make("apply", operation, args, merged([t.shape for t in args]))

    def fold(self, operation: str, value: Term) -> Term:
        if operation == "sum" and matrices.strided(value) and not any(t.kind == "unknown" for t in walk(value)):
            return self.make("columns", None, (self.align(value, (1, 0)),), value.shape[:-1])
        return self.make("fold", operation, (value,), value.shape[:-1])

    def align(self, value: Term, axes: Sequence[int | None]) -> Term:
        if tuple(axes) == tuple(range(len(value.shape))):
            return value
        if value.kind == "align" and tuple(axes) == value.data == (1, 0):
            return value.args[0]
        if tuple(axes) == (1, 0) and (found := matrices.transposed(self, value)) is not None:
            return found
        return self.make("align", tuple(axes), (value,), [ONE if n is None else value.shape[n] for n in axes])

    def spread(self, value: Term) -> Term:
        """The term with a last axis that broadcasts."""
        return self.align(value, (*range(len(value.shape)), None))

    def squeezed(self, value: Term) -> Term:
        """The term without its last axis, of length 1."""
        return self.make("take", "0", (value,), value.shape[:-1]) if value.shape else value

    def divisor(self, value: Term) -> Term | None:
        """x where the term is 1 / x."""
        if value.kind == "align":
            inner, axes = self.divisor(value.args[0]), cast("tuple[int | None, ...]", value.data)
            return None if inner is None or len(inner.shape) != len(value.args[0].shape) else self.align(inner, axes)
        is_inverse = value.kind == "apply" and value.data == "divide" and value.args[0] is self.constant(1)
        return value.args[1] if is_inverse else None

    def constant(self, value: int) -> Term:
        return self.make("constant", Fraction(value), (), ())


def merged(shapes: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The shape after broadcasting; plain numbers have none."""
    wide = [s for s in shapes if s]
    return tuple(next((n for n in axis if n != ONE), ONE) for axis in zip(*wide, strict=True))


def walk(term: Term) -> Iterator[Term]:
    """The terms of an expression, each once, every one after those it is made of."""
    seen: set[Term] = set()

    def visit(t: Term) -> Iterator[Term]:
        if t not in seen:
            seen.add(t)
            for arg in t.args:
                yield from visit(arg)
            yield t

    yield from visit(term)


def length(axis: str) -> str:
    """The name in C of the length of an axis: K, 3, n_K_1 for the axis K+1."""
    return argument(axis) if axis.isidentifier() or axis.isdigit() else "n_" + re.sub(r"\W+", "_", axis).strip("_")


def whole(node: a.Node) -> str:
    """A number of sizes and constants as an integer in C."""
    if isinstance(node, a.Size):
        return length(node.name)
    if isinstance(node, a.Constant) and isinstance(node.value, Fraction) and node.value.denominator == 1:
        return str(node.value)
    signs = {"add": "+", "subtract": "-", "multiply": "*"}
    if isinstance(node, a.Apply) and node.operation in signs:
        left, right = (whole(n) for n in node.args)
        return f"({left} {signs[node.operation]} {right})"
    raise NotExportable("the target c has no code for an axis of such a length")


def _contract(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Contract)
    if (found := matrices.product(terms, node)) is not None:
        return found
    summed = dict.fromkeys(n for labels in node.labels for n in labels if n not in node.output)
    axes = (*node.output, *summed)
    aligned = []
    for operand, labels in zip(node.operands, node.labels, strict=True):
        term = terms.of(operand)
        aligned.append(terms.align(term, [labels.index(n) if n in labels else None for n in axes]))
    found = aligned[0]
    for term in aligned[1:]:
        found = terms.apply("multiply", found, term)
    for _ in summed:
        found = terms.fold("sum", found)
    return found


def _normal(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Normal)
    return normal(terms, node)


def _fold(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Fold)
    return terms.fold(node.operation, terms.of(node.value))


def _align(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Align)
    return terms.align(terms.of(node.value), node.axes)


def _apply(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Apply)
    args = [terms.of(n) for n in node.args]
    p, subtracted = node.args[0], args[-1].args[0] if args[-1].kind == "align" else args[-1]
    if node.operation == "subtract" and isinstance(p, a.Normal) and subtracted.kind == "equal":
        return less_indicator(terms, p, *args)
    return terms.apply(node.operation, *args)


def _guard(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Guard)
    args = (terms.of(node.weight), terms.of(node.value))
    return terms.make("guard", node.fill, args, merged([t.shape for t in args]))


def _equal(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Equal)
    args = (terms.of(node.left), terms.of(node.right))
    return terms.make("equal", None, args, merged([t.shape for t in args]))


def _gather(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Gather)
    value, index = terms.of(node.value), terms.of(node.index)
    return terms.make("gather", None, (value, index), merged([value.shape[:-1], index.shape]))


def _take(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Take)
    value = terms.of(node.value)
    position = str(node.position) if isinstance(node.position, int) else whole(node.position)
    return terms.make("take", position, (value,), value.shape[:-1])


def _window(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Window)
    value = terms.of(node.value)
    return terms.make("window", node.start, (value,), (*value.shape[:-1], whole(node.size)))


def _cumulative(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Cumulative)
    args = [terms.of(n) for n in (node.value, node.weight) if n is not None]
    shape = merged([t.shape for t in args])
    return terms.make("whole", (node.operation, node.backwards), args, shape)


def _unknown(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Unknown)
    return terms.make("unknown", node.depth, (), terms.unknowns[node.depth])


def _solve(terms: Terms, node: a.Node) -> Term:
    """The unknown has the axes of the gap; they are not known before, so that they are found by two attempts."""
    assert isinstance(node, a.Solve)
    depth = node.unknown.depth
    terms.unknowns[depth] = (ONE,) * node.unknown.axes
    shape = terms.of(node.gap).shape
    inside = [n for n in a.walk(node.gap) if node.unknown in a.walk(n)]
    for n in inside:
        del terms.known[n]
    terms.unknowns[depth] = shape
    gap = terms.of(node.gap)
    for n in inside:
        del terms.known[n]
    return terms.make("solve", (depth, node.low, node.high), (gap,), shape)


def _order(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Order)
    value = terms.of(node.value)
    return terms.make("whole", (node.kind, False), (value,), value.shape)


def _linear(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.LinearAlgebra)
    value = terms.of(node.value)
    return terms.make("whole", (node.operation, False), (value,), value.shape if node.operation == "inverse" else ())


def _diagonal(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Diagonal)
    value = terms.of(node.value)
    return terms.make("diagonal", None, (value,), (*value.shape[:-2], *merged([value.shape[-2:-1], value.shape[-1:]])))


def _fill(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Fill)
    value = terms.of(node.value)
    return terms.make("fill", None, (value,), (*value.shape, whole(node.size)))


def _argument(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Argument)
    kind = "label" if isinstance(node, a.Label) else "argument"
    return terms.make(kind, argument(node.name), (), terms.shapes[argument(node.name)])


def _constant(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Constant)
    return terms.make("constant", node.value, (), ())


def _range(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Range)
    return terms.make("range", None, (), (whole(node.size),))


def _size(terms: Terms, node: a.Node) -> Term:
    assert isinstance(node, a.Size)
    return terms.make("size", length(node.name), (), ())


BUILD: dict[type[a.Node], Callable[[Terms, a.Node], Term]] = {
    a.Argument: _argument,
    a.Label: _argument,
    a.Constant: _constant,
    a.Size: _size,
    a.Range: _range,
    a.Align: _align,
    a.Apply: _apply,
    a.Fold: _fold,
    a.Contract: _contract,
    a.Normal: _normal,
    a.Guard: _guard,
    a.Equal: _equal,
    a.Gather: _gather,
    a.Take: _take,
    a.Window: _window,
    a.Cumulative: _cumulative,
    a.LinearAlgebra: _linear,
    a.Order: _order,
    a.Unknown: _unknown,
    a.Solve: _solve,
    a.Diagonal: _diagonal,
    a.Fill: _fill,
}
