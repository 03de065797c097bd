"""Sums over a part of a range: the first term apart, and sums that telescope.

Contract. Like every tactic: it records steps that the kernel replays, and says whether it changed the line.

Blind spot. A sum is seen to telescope where one of its terms, at the next index, is another with the opposite sign.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.expression import (
    Add,
    Binder,
    Definition,
    Delta,
    Entry,
    Expr,
    Function,
    Index,
    Mul,
    Number,
    Sum,
    abstract,
    add,
    is_whole,
    mul,
    substitute,
    subterms,
)
from gradproof.expression.sizes import linear
from gradproof.normal import Normal
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.shapes import defined, expanded, split_product, split_sum
from gradproof.propose.simplify import nodes
from gradproof.rules.ranges import at_most, before

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ONE = Number.of(1)


def is_order(e: Expr) -> bool:
    """Whether the term is a step of whole numbers: the indicator of an order of indices."""
    return isinstance(e, Function) and e.name == "step" and is_whole(e.args[0])


def by_first_term(proposer: Proposer, chain: Chain, other: Chain) -> bool:
    """Both sides meet once their partial sums are opened, or once each has its first term apart; else nothing is done.

    That is how a sum from t on is shown to obey a recursion.
    """
    marks = chain.mark(), other.mark()
    for last in (first_apart, other_way_round):
        for tactic in (open_ranges, last):
            changed = [tactic(side) for side in (chain, other)]
            for side in (chain, other):
                proposer.simplify(side)
            if any(changed) and proposer.algebra_to(chain, other.line, unfold=0):
                return True
        chain.back_to(marks[0])
        other.back_to(marks[1])
    return False


def open_ranges(chain: Chain) -> bool:
    """Open the defined names that stand for a sum over a part of a range."""
    found = [f for f in nodes(chain.root, Entry) if _is_partial(f.term)]
    for focus in found:
        focus.unfold()
        focus.algebra(settled(focus.term), reason="")
        chain.show()
    return bool(found)


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


def first_apart(chain: Chain) -> bool:
    """The term of equal indices for itself, in every sum and elsewhere: [t <= l] = delta + [t < l]."""
    changed = [_apart(focus) for focus in nodes(chain.root, Sum)]
    return any([*changed, *(_rewritten(focus, "first term apart") for focus in _loose_orders(chain))])


def other_way_round(chain: Chain) -> bool:
    """[i <= j] = 1 - [j < i] everywhere: what one sum has up to an index, another has from there on."""
    return any([_rewritten(focus, "order the other way round") for focus in _loose_orders(chain)])


def _loose_orders(chain: Chain) -> list[Focus]:
    return [f for f in nodes(chain.root, Function) if is_order(f.term) and _ends(f.term) is not None]


def _rewritten(focus: Focus, rule: str) -> bool:
    i, j = _ends(focus.term) or (ONE, ONE)
    focus.algebra(at_most(i, j))
    focus.rule(rule, i=i, j=j)
    focus.chain.show()
    return True


def _apart(focus: Focus) -> bool:
    """The first term apart in one sum, its body as two terms that each say where they count."""
    inside = focus.child(1)
    factors = split_product(inside.term)
    place = next((n for n, f in enumerate(factors) if is_order(f) and _ends(f) is not None), None)
    if place is None:
        return False
    i, j = _ends(factors[place]) or (ONE, ONE)
    rest = mul(*factors[:place], *factors[place + 1 :])
    inside.algebra(mul(at_most(i, j), rest))
    order = inside.child(0) if isinstance(inside.term, Mul) else inside
    order.rule("first term apart", i=i, j=j)
    inside.algebra(add(mul(Delta((i, j)), rest), mul(before(i, j), rest)), reason="the first term apart")
    focus.chain.show()
    return True


def _ends(e: Expr) -> tuple[Expr, Expr] | None:
    """i and j of [i <= j]; None for any other order."""
    inside = split_sum(e.args[0])
    below = [t for t in inside if isinstance(t, Mul) and t.args[0] == Number.of(-1) and len(t.args) == 2]
    above = [t for t in inside if isinstance(t, Index)]
    if len(below) != 1 or len(above) != 1 or len(inside) != 3 or ONE not in inside:
        return None
    return below[0].args[1], above[0]


def telescope(chain: Chain) -> bool:
    """Sums with terms f(l + 1) - f(l): these make a sum of their own, which is its last term less its first."""
    gathered = _gathered(chain)
    return any([gathered, *(_telescoped(focus) for focus in nodes(chain.root, Sum))])


def _gathered(chain: Chain) -> bool:
    """Several sums over one range, and what multiplies them, as one sum, where that one telescopes."""
    before, terms = chain.mark(), split_sum(chain.line)
    sums = [n for t in terms for n in [_summed(t)] if n is not None]
    sizes = {e.size for _, e in sums}
    if len(sizes) != 1 or (len(sums) == 1 and sums[0][0] == ONE):
        return False
    others = [t for t in terms if _summed(t) is None]
    index = sums[0][1].fresh(x.name for x in chain.line.free)
    body = add(*(t for c, e in sums for t in split_sum(expanded(mul(c, e.open(index))))))
    chain.root.algebra(add(Sum.over(index, body), *others), reason="collect")
    if _telescoped(chain.root.child(0) if others else chain.root):
        return True
    chain.back_to(before)
    return False


def _summed(e: Expr) -> tuple[Expr, Sum] | None:
    """A product with one sum as (what multiplies it, the sum)."""
    sums = [f for f in split_product(e) if isinstance(f, Sum)]
    return (mul(*(f for f in split_product(e) if f is not sums[0])), sums[0]) if len(sums) == 1 else None


def _telescoped(focus: Focus) -> bool:
    before = focus.chain.mark()
    inside = focus.child(1)
    for part in [f for f in nodes(inside, Entry) if defined(f.term)]:
        part.unfold()
    index = Index.of(inside.opened[-1], focus.term.args[0])
    found = _pair(inside.term, index, Normal(focus.chain.signs))
    if found is None:
        focus.chain.back_to(before)
        return False
    start, order, f, m, rest = found
    focus.chain.show()
    pair = add(substitute(f, m, add(index, ONE)), -substitute(f, m, index))
    telescoping = mul(at_most(start, index), pair)
    inside.algebra(add(telescoping, mul(order, rest)), reason="collect")
    here = focus
    if rest != Number.of(0):
        focus.rule("sum of a sum", terms=(telescoping, mul(order, rest)), index=index)
        here = focus.child(0) if isinstance(focus.term, Add) else focus
    focus.chain.show()
    here.rule("telescoping", body=f, m=m, index=index, start=start)
    focus.chain.show()
    return True


Pair = tuple[Expr, Expr, Expr, Index, Expr]


def _pair(body: Expr, index: Index, normal: Normal) -> Pair | None:
    """Where the terms start, the order that says so, f at the index m, and what else is summed."""
    orders = [f for f in split_product(body) if is_order(f) and index in f.free]
    order = orders[0] if orders else ONE
    start = (_ends(order) or (ONE, ONE))[0] if orders else ONE
    terms = split_sum(expanded(mul(*(f for f in split_product(body) if f is not order))))
    m = Index.of(_unused(body), index.size + 1)
    for here in terms:
        f = substitute(-here, index, m)
        if normal.signs.undefined(f) is not None or m not in f.free:
            continue
        following = substitute(f, m, add(index, ONE))
        for after in terms:
            if after is not here and normal.equal(following, after):
                rest = add(*(t for t in terms if t is not here and t is not after))
                return start, order, f, m, rest
    return None


def _unused(e: Expr) -> str:
    taken = {x.name for x in e.free}
    return next(c for c in ("m", "n", "s", "u", "v", "m'") if c not in taken)

