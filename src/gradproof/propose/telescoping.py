"""Sums that telescope: their terms are f(l + 1) - f(l), over the whole range or on one side of an index.

Contract. Like every tactic: it records steps that the kernel replays, and says whether it changed the line.

Blind spot. A sum is seen to telescope where one of its terms, at the next index, is another with the opposite sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gradproof.expression import (
    Add,
    Bound,
    Entry,
    Expr,
    Index,
    Mul,
    Number,
    Pow,
    Sum,
    add,
    mul,
    substitute,
    subterms,
)
from gradproof.normal import Normal
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.ranges import is_order, order_of, written_out
from gradproof.propose.shapes import defined, expanded, split_product, split_sum
from gradproof.propose.simplify import nodes
from gradproof.rules.ranges import at_most, before

ZERO, ONE = Number.of(0), Number.of(1)


def telescope(chain: Chain) -> bool:
    """Sums with terms f(l + 1) - f(l): these make a sum of their own, which is its last term less its first."""
    if not any(_counts(t) for e in written_out(chain.line) for t in subterms(e)):
        return False
    changed = [_gathered(chain), *(_telescoped(focus) for focus in nodes(chain.root, Sum))]
    return any(changed)


def _counts(e: Expr) -> bool:
    """Whether an index stands in a sum, a product or a power, as in l + 1: without one nothing telescopes."""
    return isinstance(e, Add | Mul | Pow) and any(isinstance(a, Bound | Index) for a in e.args)


def _gathered(chain: Chain) -> bool:
    """Several sums over one range, and what multiplies them, as one sum, where that one telescopes."""
    start, terms = chain.mark(), split_sum(chain.line)
    sums = [s for t in terms for s in [_summed(t)] if s is not None]
    sizes = {e.size for _, e in sums}
    if len(sizes) != 1 or (len(sums) == 1 and sums[0][0] == ONE):
        return False
    others = [t for t in terms if _summed(t) is None]
    index = sums[0][1].fresh(x.name for x in chain.line.free)
    body = add(*(t for c, e in sums for t in split_sum(expanded(mul(c, e.open(index))))))
    chain.root.algebra(add(Sum.over(index, body), *others), reason="collect")
    if _telescoped(chain.root.child(0) if others else chain.root):
        return True
    chain.back_to(start)
    return False


def _summed(e: Expr) -> tuple[Expr, Sum] | None:
    """A product with one sum as (what multiplies it, the sum)."""
    sums = [f for f in split_product(e) if isinstance(f, Sum)]
    return (mul(*(f for f in split_product(e) if f is not sums[0])), sums[0]) if len(sums) == 1 else None


@dataclass(frozen=True)
class Pair:
    """Two terms order * (f(l + 1) - f(l)) of a sum over l = `index`, f at the index `m`, and what else is summed."""

    order: Expr
    f: Expr
    m: Index
    index: Index
    rest: Expr

    @property
    def difference(self) -> Expr:
        return add(substitute(self.f, self.m, add(self.index, ONE)), -substitute(self.f, self.m, self.index))

    def sum_from(self, start: Expr) -> Sum:
        return Sum.over(self.index, mul(at_most(start, self.index), self.difference))  # type: ignore[return-value]


def _telescoped(focus: Focus) -> bool:
    """One sum, names in it opened if that helps."""
    start = focus.chain.mark()
    inside = focus.child(1)
    for part in [f for f in nodes(inside, Entry) if defined(f.term)]:
        part.unfold()
    found = _pair(inside.term, Index.of(inside.opened[-1], focus.term.args[0]), Normal(focus.chain.signs))
    if found is None:
        focus.chain.back_to(start)
        return False
    focus.chain.show()
    order = order_of(found.order)
    if found.order != ONE and order.low == found.index:
        _up_to(focus, inside, found, add(order.high, ONE))
        return True
    begin = ONE if found.order == ONE else order.low
    telescoping = mul(at_most(begin, found.index), found.difference)
    inside.algebra(add(telescoping, found.rest), reason="collect")
    _apart(focus, (telescoping, found.rest), found.index)
    focus.chain.show()
    _by_rule(_place(focus.chain, found.sum_from(begin)), found, begin)
    return True


def _up_to(focus: Focus, inside: Focus, found: Pair, begin: Expr) -> None:
    """The sum up to an index: the whole sum less that from the next index on."""
    difference, late = found.difference, add(ONE, -before(found.index, begin))
    inside.algebra(add(difference, -mul(late, difference), found.rest), reason="collect")
    turned = next(f for f in nodes(inside, Add) if f.term == late)
    turned.rule("order the other way round", backwards=True, i=begin, j=found.index)
    late_terms = mul(at_most(begin, found.index), difference)
    _apart(focus, (difference, -late_terms, found.rest), found.index)
    focus.chain.show()
    place = _place(focus.chain, Sum.over(found.index, -late_terms))
    place.algebra(-found.sum_from(begin), reason="")
    _by_rule(place.child(1), found, begin)
    place = _place(focus.chain, Sum.over(found.index, difference))
    place.algebra(found.sum_from(ONE), reason="")
    _by_rule(place, found, ONE)


def _apart(focus: Focus, terms: Sequence[Expr], index: Index) -> None:
    kept = tuple(t for t in terms if t != ZERO)
    if len(kept) > 1:
        focus.rule("sum of a sum", terms=kept, index=index)


def _place(chain: Chain, wanted: Expr) -> Focus:
    """Where the sum stands now: it may have melted into the sum around it."""
    return next(f for f in nodes(chain.root, Sum) if f.term == wanted)


def _by_rule(focus: Focus, found: Pair, begin: Expr) -> None:
    focus.rule("telescoping", body=found.f, m=found.m, index=found.index, start=begin)
    focus.chain.show()


def _pair(body: Expr, index: Index, normal: Normal) -> Pair | None:
    rows = [_ordered(t, index) for part in split_sum(body) for t in split_sum(expanded(part))]
    m = Index.of(_unused(body), index.size + 1)
    for n, (order, here) in enumerate(rows):
        if order != ONE and index not in (order_of(order).low, order_of(order).high):
            continue
        f = substitute(-here, index, m)
        if normal.signs.undefined(f) is not None or m not in f.free:
            continue
        following = substitute(f, m, add(index, ONE))
        for k, (other, after) in enumerate(rows):
            if k != n and other == order and normal.equal(following, after):
                left = [row for place, row in enumerate(rows) if place not in (n, k)]
                return Pair(order, f, m, index, _together(left))
    return None


def _ordered(e: Expr, index: Index) -> tuple[Expr, Expr]:
    """A term as (the orders that the index stands in, the rest)."""
    orders = [f for f in split_product(e) if is_order(f) and index in f.free]
    return mul(*orders), mul(*(f for f in split_product(e) if f not in orders))


def _together(rows: Sequence[tuple[Expr, Expr]]) -> Expr:
    """The sum of terms, the order in front where they share one."""
    if rows and all(order == rows[0][0] for order, _ in rows):
        return mul(rows[0][0], add(*(e for _, e in rows)))
    return add(*(mul(order, e) for order, e in rows))


def _unused(e: Expr) -> str:
    taken = {x.name for x in e.free}
    return next(c for c in ("m", "n", "s", "u", "v", "m'") if c not in taken)
