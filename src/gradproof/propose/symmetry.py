"""The symmetry of a double sum: sum_i sum_j f_ij is half of sum_i sum_j (f_ij + f_ji).

It is used where adding the mirror image makes a denominator go: u_i / (u_i + u_j) and u_j / (u_i + u_j) add to 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradproof.expression import Add, Expr, Index, Number, Sum, abstract, add, instantiate, mul
from gradproof.normal import Normal, Polynomial, TooLarge
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.forms import arranged
from gradproof.propose.simplify import nodes

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

HALF = Number.of(1) / 2


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
        found = _shorter(proposer, once, twice)
        if found is None:
            continue
        _mirror(focus, outer, inner)
        whole = next(f for f in nodes(chain.root, Sum) if f.term == Sum.over(outer, Sum.over(inner, twice)))
        chain.show()
        whole.child(1).child(1).algebra(found, reason="the two terms add up")
        chain.show()
        return True
    return False


def swapped(e: Expr, i: Index, j: Index) -> Expr:
    return instantiate(abstract(e, (i, j)), (j, i))


def _shorter(proposer: Proposer, once: Expr, twice: Expr) -> Expr | None:
    """A term with its mirror image, where the two have fewer denominators than the term."""
    normal = Normal(proposer.signs)
    try:
        before, after = normal.of(once), normal.of(twice)
    except (TooLarge, RecursionError):
        return None
    return arranged(after) if _denominators(after) < _denominators(before) else None


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
