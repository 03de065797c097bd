"""Sums over a part of a range: the first term apart, and the order of two indices the other way round.

Contract. Like every tactic: it records steps that the kernel replays, and says whether it changed the line.

Blind spot. Orders of more than two indices, and of indices with factors, stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.expression import (
    Add,
    Binder,
    Definition,
    Entry,
    Expr,
    Function,
    Index,
    Mul,
    Number,
    Sum,
    abstract,
    add,
    definitions,
    is_whole,
    mul,
    subterms,
)
from gradproof.expression.sizes import linear
from gradproof.propose.algebra import algebra_to
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.shapes import split_product, split_sum
from gradproof.propose.simplify import nodes
from gradproof.rules import RULES
from gradproof.rules.ranges import at_most

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ONE = Number.of(1)
DEEPEST = 3  # partial sums inside of each other


def is_order(e: Expr) -> bool:
    """Whether the term is a step of whole numbers: the indicator of an order of indices."""
    return isinstance(e, Function) and e.name == "step" and is_whole(e.args[0])


def by_first_term(proposer: Proposer, chain: Chain, other: Chain) -> bool:
    """Both sides meet once their partial sums are opened, or once each has its first term apart; else nothing is done.

    That is how a sum from t on is shown to obey a recursion.
    """
    marks = chain.mark(), other.mark()
    sides = (chain, other)
    if not any(is_order(t) for side in sides for e in written_out(side.line) for t in subterms(e)):
        return False
    for last in ("first term apart", "order the other way round"):
        opened = [open_ranges(side) for side in sides]
        if any(opened) and _meet(proposer, chain, other):
            return True
        slack = max((order_of(f).slack for side in sides for f in _orders(side)), default=None)
        changed = [_rewrite_orders(side, last, slack) for side in sides]
        if any(changed) and _meet(proposer, chain, other):
            return True
        chain.back_to(marks[0])
        other.back_to(marks[1])
    return False


def written_out(e: Expr) -> tuple[Expr, ...]:
    """The term and the bodies of the definitions it rests on."""
    return e, *(d.body for d in definitions(e))


def _meet(proposer: Proposer, chain: Chain, other: Chain) -> bool:
    for side in (chain, other):
        proposer.simplify(side)
    return algebra_to(chain, other.line, unfold=0)


def open_ranges(chain: Chain) -> bool:
    """Open the defined names that stand for a sum over a part of a range, and those inside of them."""
    changed = False
    for _ in range(DEEPEST):
        found = [f for f in nodes(chain.root, Entry) if _is_partial(f.term)]
        for focus in found:
            focus.unfold()
            focus.algebra(settled(focus.term), reason="")
            chain.show()
        changed = changed or bool(found)
    return changed


def _is_partial(e: Expr) -> bool:
    return isinstance(e, Entry) and isinstance(e.base, Definition) and any(map(is_order, subterms(e.base.body)))


def settled(e: Expr) -> Expr:
    """Sums of indices and numbers collected throughout: l - (t + 1) + 1 becomes l - t."""
    if isinstance(e, Add) and is_whole(e) and (form := linear(e)) is not None:
        above = [mul(Number.of(c), a) for a, c in form.items() if c > 0 and a != ONE]
        below = [mul(Number.of(c), a) for a, c in form.items() if c < 0 and a != ONE]
        return add(*above, *below, Number.of(form.get(ONE, Fraction(0))))
    if isinstance(e, Binder):
        index = e.fresh()
        return e.rebuild((e.size, abstract(settled(e.open(index)), (index,))))
    return e.rebuild(tuple(settled(a) for a in e.args)) if e.args and not isinstance(e, Index) else e


@dataclass(frozen=True)
class Order:
    """[low <= high], where `slack` is the number in it: 1 more for [i <= j + 1] than for [i <= j]."""

    low: Expr
    high: Expr
    slack: Fraction


NO_ORDER = Order(ONE, ONE, Fraction(-1000))


def order_of(e: Expr | Focus) -> Order:
    """What an order of indices says, as far as it is one of two indices."""
    e = e.term if isinstance(e, Focus) else e
    form = linear(e.args[0]) if is_order(e) else None
    above = [a for a, c in (form or {}).items() if c == 1 and a != ONE]
    below = [a for a, c in (form or {}).items() if c == -1 and a != ONE]
    if form is None or len(above) != 1 or len(below) != 1 or len([a for a in form if a != ONE]) != 2:
        return NO_ORDER
    slack = form.get(ONE, Fraction(0))
    return Order(below[0], add(above[0], Number.of(slack - 1)), slack)


def _orders(chain: Chain) -> list[Focus]:
    return [f for f in nodes(chain.root, Function) if order_of(f) is not NO_ORDER]


def _rewrite_orders(chain: Chain, rule: str, slack: Fraction | None) -> bool:
    """The orders with most slack by a rule: those in sums first, where the terms are then told apart."""
    changed = [_in_sum(focus, rule, slack) for focus in nodes(chain.root, Sum)]
    others = [f for f in _orders(chain) if order_of(f).slack == slack]
    for focus in others:
        _by_rule(focus, rule)
    return any(changed) or bool(others)


def _by_rule(focus: Focus, rule: str) -> None:
    found = order_of(focus)
    focus.algebra(at_most(found.low, found.high))
    focus.rule(rule, i=found.low, j=found.high)
    focus.chain.show()


def _in_sum(focus: Focus, rule: str, slack: Fraction | None) -> bool:
    """[i <= j] f as two terms, each with what says where it counts in front."""
    inside = focus.child(1)
    factors = split_product(inside.term)
    place = next((n for n, f in enumerate(factors) if order_of(f) is not NO_ORDER and order_of(f).slack == slack), None)
    if place is None:
        return False
    found = order_of(factors[place])
    rest = mul(*factors[:place], *factors[place + 1 :])
    inside.algebra(mul(at_most(found.low, found.high), rest))
    order = inside.child(0) if isinstance(inside.term, Mul) else inside
    order.rule(rule, i=found.low, j=found.high)
    inside.algebra(add(*(mul(t, rest) for t in order_parts(found, rule))), reason=RULES[rule].reason)
    focus.chain.show()
    return True


def order_parts(found: Order, rule: str) -> tuple[Expr, ...]:
    """The two terms that a rule makes of [low <= high]."""
    parts = RULES[rule].equation(i=found.low, j=found.high).args[1]
    return split_sum(parts)
