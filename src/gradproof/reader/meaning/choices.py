"""Deltas, indicators, cases.

Contract. An equality of indices is a delta; an inequality the step of the difference, one more for >= of whole
numbers. Cases are two, and the second condition is seen to be the opposite of the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradproof import expression as x
from gradproof.expression import Expr, Index, Number, add, mul
from gradproof.reader import syntax as s
from gradproof.reader.meaning import functions as f
from gradproof.reader.meaning.tensors import Value, signed

if TYPE_CHECKING:
    from gradproof.reader.meaning.elaborator import Elaborator

ONE = Number.of(1)


def kronecker(el: Elaborator, n: s.Kronecker) -> Value:
    return x.Delta((el.index(n.left, None), el.index(n.right, None)))


def indicator(el: Elaborator, n: s.Indicator) -> Expr:
    sides = [el.scalar(a) for a in (n.left, n.right)]
    if n.relation in ("=", "!=") and not all(map(_is_index, sides)):
        el.decline("an indicator of something that is not an equality of indices", n)
    return compared(sides[0], n.relation, sides[1])


def compared(one: Expr, relation: str, other: Expr) -> Expr:
    """1 where the relation holds; of whole numbers, >= is > with one more."""
    if relation in (">=", "<=") and _is_whole(one) and _is_whole(other):
        return at_least(one, other) if relation == ">=" else at_least(other, one)
    return f.COMPARISONS[relation](one, other)


def cases(el: Elaborator, n: s.Cases) -> Expr:
    if len(n.rows) != 2 or n.rows[0][1] is None:
        el.decline("cases that are not two, the first with a condition", n)
    (first, condition), (second, other) = n.rows
    assert condition is not None
    if other is not None and not _complement(condition, other):
        el.decline("two cases whose conditions are not seen to be complements", n)
    one, two = el.scalar(first), el.scalar(second)
    chosen = indicator(el, condition)
    return add(mul(chosen, one), mul(add(ONE, signed(-1, chosen)), two))


def at_least(one: Expr, other: Expr) -> Expr:
    """1 where one >= other, else 0, for whole numbers."""
    return f.positive(add(one, signed(-1, other), ONE))


def _is_whole(e: Expr) -> bool:
    return all(isinstance(a, Index) or (isinstance(a, x.Symbol) and a.domain.integer) for a in e.free) and not any(
        isinstance(t, x.Function | x.Pow) or (isinstance(t, Number) and t.value.denominator != 1) for t in x.subterms(e)
    )


def _is_index(e: Expr) -> bool:
    if isinstance(e, x.Entry) and isinstance(e.base, x.Array):
        return e.base.into is not None
    return isinstance(e, Index) or (isinstance(e, Number) and e.value.denominator == 1)


OPPOSITE = {"=": "!=", "!=": "=", ">": "<=", "<=": ">", "<": ">=", ">=": "<"}


def _complement(one: s.Indicator, other: s.Indicator) -> bool:
    texts = [_spelling(a) for a in (one.left, one.right, other.left, other.right)]
    return OPPOSITE[one.relation] == other.relation and texts[:2] == texts[2:] and "" not in texts


def _spelling(n: s.Node) -> str:
    if isinstance(n, s.Name):
        return n.head + n.mark + "".join(f"_{p.text}" for p in n.parts)
    return str(n.value) if isinstance(n, s.Num) else ""
