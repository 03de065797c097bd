"""The symmetry of a double sum: sum_i sum_j f_ij is half of sum_i sum_j (f_ij + f_ji).

It is used where adding the mirror image makes a denominator go: u_i / (u_i + u_j) and u_j / (u_i + u_j) add to 1.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.expression import Add, Expr, Index, Mul, Number, Sum, abstract, add, definitions, instantiate, mul
from gradproof.normal import Normal, Polynomial, TooLarge
from gradproof.propose.chain import Chain, Focus, at_place
from gradproof.propose.forms import arranged
from gradproof.propose.simplify import nodes

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ZERO, HALF = Number.of(0), Number.of(Fraction(1, 2))


def symmetrise(proposer: Proposer, chain: Chain) -> bool:
    """Add the mirror image in the first double sum where a denominator goes by it."""
    for focus in nodes(chain.root, Sum):
        inside = focus.child(1)
        if not isinstance(inside.term, Sum) or inside.term.size != focus.term.args[0]:
            continue
        body = inside.child(1)
        outer, inner = (Index.of(letter, inside.term.size) for letter in body.opened[-2:])
        once = body.term
        twice = add(once, swapped(once, outer, inner))
        found, unfold = _shorter(proposer, once, twice)
        if found is None:
            continue
        _mirror(focus, outer, inner)
        whole = next(f for f in nodes(chain.root, Sum) if f.term == Sum.over(outer, Sum.over(inner, twice)))
        chain.show()
        place = whole.child(1).child(1)
        while found == ZERO and place.at and isinstance(_around(place).term, Sum):
            place = _around(place)
        place.algebra(found, unfold, reason="the two cancel" if found == ZERO else "the two add up")
        chain.show()
        return True
    return False


def swapped(e: Expr, i: Index, j: Index) -> Expr:
    return instantiate(abstract(e, (i, j)), (j, i))


def _around(focus: Focus) -> Focus:
    inside = isinstance(at_place(focus.chain.line, focus.at[:-1], focus.opened), Sum)
    return Focus(focus.chain, focus.at[:-1], focus.opened[:-1] if inside else focus.opened)


def _shorter(proposer: Proposer, once: Expr, twice: Expr) -> tuple[Expr | None, tuple[str, ...]]:
    """A term with its mirror image, where the two have fewer denominators than the term; what must be unfolded."""
    inside = tuple(d.name for d in definitions(once) if d.shape and not isinstance(d.body, Sum))
    for unfold in ((), inside):
        normal = Normal(proposer.signs, unfold)
        try:
            before, after = normal.of(once), normal.of(twice)
        except (TooLarge, RecursionError):
            continue
        if _denominators(after) < _denominators(before):
            return arranged(after), unfold
    return None, ()


def _denominators(p: Polynomial) -> int:
    return len({a for m in p for a, e in m if e < 0 and isinstance(a, Add)})


def _mirror(focus: Focus, outer: Index, inner: Index) -> None:
    """S = 1/2 (S + S), the second with its sums interchanged, both under one pair of sums."""
    chain, here = focus.chain, focus.term
    body = here.open(outer).open(inner)  # type: ignore[attr-defined]
    focus.algebra(mul(HALF, add(here, here)), reason="half of it twice")
    pair = next(f for f in nodes(chain.root, Add) if f.term.args == (here, here))
    pair.child(1).rule("interchange of finite sums", body=body, outer=outer, inner=inner)
    rows = (Sum.over(inner, body), Sum.over(inner, swapped(body, outer, inner)))
    pair.rule("sum of a sum", backwards=True, terms=rows, index=outer)
    pair.child(1).rule("sum of a sum", backwards=True, terms=(body, swapped(body, outer, inner)), index=inner)
    while _number_out(chain):
        pass


def _number_out(chain: Chain) -> bool:
    """The number in front of a term leaves the sum around it."""
    for focus in nodes(chain.root, Sum):
        inside = focus.child(1)
        if isinstance(inside.term, Mul) and isinstance(inside.term.args[0], Number):
            index = Index.of(inside.opened[-1], focus.term.args[0])
            number, *rest = inside.term.args
            focus.rule("constant out of a sum", c=number, body=mul(*rest), index=index)
            return True
    return False
