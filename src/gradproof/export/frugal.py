"""Array programs rewritten so that a large array is passed over fewer times.

Contract. Equal over the reals, and up to rounding: factors that do not vary along the last axis are multiplied with
each other before they meet an array that does, also those of several terms with the same array; a factor of
softmax - (1 at one entry) is drawn inside, where the softmax takes it along; -(a - b) is b - a.

Blind spot. A quotient of two such factors might overflow where a product with the array first would not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from fractions import Fraction
from functools import cache, partial

from .array import Align, Apply, Constant, Fold, Node, Normal, walk
from .buffers import is_negative
from .module import Routine
from .spikes import one_hot, thin

ONE = Constant(Fraction(1))


def frugal(routine: Routine) -> Routine:
    """The function with its results rewritten."""
    for rule in (_gathered, _collected, _gathered, _flipped, _inside, _added):
        uses = Counter(c for n in routine.nodes() for c in n.children)
        uses.update(r.node for r in routine.results)
        routine = _changed(routine, partial(rule, uses=uses))
    return routine


def _changed(routine: Routine, rule: Callable[[Node], Node]) -> Routine:
    """The function with a rule applied to every node, its children first."""

    @cache
    def changed(node: Node) -> Node:
        values = {f.name: getattr(node, f.name) for f in fields(node)}
        new = {name: _each(value, changed) for name, value in values.items()}
        return rule(replace(node, **new) if new != values else node)

    groups = tuple(tuple(replace(r, node=changed(r.node)) for r in group) for group in routine.groups)
    return replace(routine, groups=groups)


def _each(value: object, change: Callable[[Node], Node]) -> object:
    if isinstance(value, tuple):
        return tuple(_each(v, change) for v in value)
    return change(value) if isinstance(value, Node) else value


def factored(node: Node) -> tuple[tuple[Node, ...], tuple[Node, ...], Node]:
    """The thin factors above and below the line, and the rest, which is not thin."""
    if isinstance(node, Apply) and not thin(node):
        if node.operation == "negative":
            above, below, rest = factored(node.args[0])
            return ((Apply("negative", above[:1]), *above[1:]), below, rest) if above else ((), (), node)
        if node.operation == "divide" and thin(node.args[1]):
            above, below, rest = factored(node.args[0])
            return above, (*below, node.args[1]), rest
        if node.operation == "multiply" and any(thin(n) for n in node.args):
            factor, other = node.args if thin(node.args[0]) else node.args[::-1]
            above, below, rest = factored(other)
            return (factor, *above), below, rest
    return (), (), node


def _large(node: Node) -> bool:
    return isinstance(node, Apply) and node.rank > 0 and not thin(node)


def _gathered(node: Node, uses: Counter[Node]) -> Node:
    """One thin factor where there were several; c (e - x) as -c (x - e), for e that is 1 at one entry."""
    if not _large(node):
        return node
    above, below, rest = factored(node)
    if (above or below) and _starts_with_spike(rest):
        rest = Apply("subtract", rest.children[::-1])
        above = (Apply("negative", above[:1]), *above[1:]) if above else (Constant(Fraction(-1)),)
    if len(above) + len(below) < 2:
        return Apply("multiply", (*above, rest)) if above else node
    if not above:
        return Apply("divide", (rest, _product(below)))
    return Apply("multiply", (_coefficient(above, below), rest))


def _starts_with_spike(node: Node) -> bool:
    """Whether it is e - x for e that is 1 at one entry."""
    pair = node.args if isinstance(node, Apply) and node.operation == "subtract" else ()
    return bool(pair) and one_hot(pair[0]) is not None and not thin(pair[1]) and one_hot(pair[1]) is None


def _added(node: Node, uses: Counter[Node]) -> Node:
    """e - x as -x + e, for e that is 1 at one entry."""
    if not _starts_with_spike(node):
        return node
    e, x = node.children
    return Apply("add", (Apply("negative", (x,)), e))


def _coefficient(above: tuple[Node, ...], below: tuple[Node, ...]) -> Node:
    if not above:
        return _reciprocal(_product(below)) if below else ONE
    return Apply("divide", (_product(above), _product(below))) if below else _product(above)


def _collected(node: Node, uses: Counter[Node]) -> Node:
    """c x + d x as (c + d) x, for thin c and d."""
    if not _large(node) or node.operation not in ("add", "subtract"):  # type: ignore[attr-defined]
        return node
    found: dict[Node, list[tuple[int, Node]]] = {}
    terms = list(_terms(node, 1, uses, True))
    for sign, term in terms:
        above, below, rest = factored(term)
        found.setdefault(rest, []).append((sign, _coefficient(above, below)))
    if len(found) == len(terms):
        return node
    return _sum([(1, Apply("multiply", (_sum(c), x))) if len(c) > 1 else _single(*c[0], x) for x, c in found.items()])


def _single(sign: int, coefficient: Node, x: Node) -> tuple[int, Node]:
    return sign, x if coefficient == ONE else Apply("multiply", (coefficient, x))


def _terms(node: Node, sign: int, uses: Counter[Node], whole: bool = False) -> Iterator[tuple[int, Node]]:
    """The terms of a sum, with their signs, as far as nothing else needs its parts."""
    if isinstance(node, Apply) and not thin(node) and (whole or uses[node] <= 1):
        signs = {"add": (1, 1), "subtract": (1, -1), "negative": (-1,)}.get(node.operation)
        if signs is not None:
            for s, n in zip(signs, node.args, strict=True):
                yield from _terms(n, s * sign, uses)
            return
    yield sign, node


def _sum(terms: Sequence[tuple[int, Node]]) -> Node:
    (sign, total), *others = sorted(terms, key=lambda t: t[0] < 0)  # stable: a positive term leads
    total = Apply("negative", (total,)) if sign < 0 else total
    for sign, term in others:
        total = Apply("add" if sign > 0 else "subtract", (total, term))
    return total


def _product(nodes: tuple[Node, ...]) -> Node:
    found = nodes[0]
    for n in nodes[1:]:
        found = Apply("multiply", (found, n))
    return found


def _inside(node: Node, uses: Counter[Node]) -> Node:
    """c (p - e) as c p - c e, for a softmax p that nothing else needs and e that is 1 at one entry."""
    if not _large(node):
        return node
    above, below, rest = factored(node)
    if not above + below or not isinstance(rest, Apply) or rest.operation != "subtract" or uses[rest] > 1:
        return node
    p, spike = rest.args
    factor = above[0] if above else _reciprocal(below[0])
    if not isinstance(p, Normal) or p.kind != "softmax" or p.weight or uses[p] > 1 or one_hot(spike) is None:
        return node
    if factor.static or any(isinstance(n, Normal) and n.value == p.value for n in walk(factor)):
        return node
    return Apply("subtract", (Apply("multiply", (factor, p)), Apply("multiply", (factor, spike))))


def _flipped(node: Node, uses: Counter[Node]) -> Node:
    """-(a - b) as b - a, also below sums and factors, where nothing else needs a - b."""
    found = _negated(node.children[0], uses) if is_negative(node) else None
    return node if found is None else found


def _negated(node: Node, uses: Counter[Node]) -> Node | None:
    if uses[node] > 1:
        return None
    if isinstance(node, Fold) and node.operation == "sum":
        inner = _negated(node.value, uses)
        return None if inner is None else replace(node, value=inner)
    if not isinstance(node, Apply):
        return None
    if node.operation == "subtract":
        first, second = node.args
        return Apply("add", (first.children[0], second)) if is_negative(first) else Apply("subtract", (second, first))
    for n in {"multiply": (0, 1), "divide": (0,)}.get(node.operation, ()):
        if (found := _negated(node.args[n], uses)) is not None:
            return replace(node, args=(*node.args[:n], found, *node.args[n + 1 :]))
    return None


def _reciprocal(node: Node) -> Node:
    if isinstance(node, Align):
        return Align(_reciprocal(node.value), node.axes)
    return Apply("divide", (ONE, node))
