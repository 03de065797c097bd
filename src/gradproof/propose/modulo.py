"""Algebra modulo equations: a line is the goal plus multiples of what the givens and the equations of roots say is 0.

The multiples are found by division: a monomial of the difference that contains the leading monomial of an equation is
taken away with it, until nothing is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from gradproof.expression import Add, Expr, Relation, Sum, add, definitions, mul
from gradproof.normal import Monomial, Normal, Polynomial, TooLarge, as_term, merge
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.roots import is_root, named_roots
from gradproof.propose.simplify import nodes
from gradproof.propose.words import told
from gradproof.rules.roots import defining_equation

MOST_DIVISIONS = 200


@dataclass(frozen=True)
class Known:
    """An equation, with how a step uses it: the number of a given, or a root."""

    relation: Relation
    number: int | None
    root: Expr | None

    def use(self, focus: Focus) -> None:
        if self.number is not None:
            focus.given(self.number)
        else:
            focus.rule("defining equation of a root", root=self.root)


def by_multiples(chain: Chain, begun: tuple[int, Expr], goal: Expr) -> bool:
    """From the line begun with to the goal by multiples of known equations; whether that was found."""
    before = list(chain.steps), chain.line
    chain.back_to(begun)
    if not _by_multiples(chain, goal):
        chain.steps, chain.line = before
        return False
    return True


def _by_multiples(chain: Chain, goal: Expr) -> bool:
    known = list(_known(chain, goal))
    inside = definitions(Relation.of(chain.line, "=", goal))
    unfold = [d.name for d in inside if not is_root(d)]
    normal = Normal(chain.signs, frozenset(unfold))
    try:
        found = _multiples(normal, dict(normal.of(chain.line - goal)), known)
    except (TooLarge, ValueError):
        return False
    if not known or found is None:
        return False
    parts = [mul(c, k.relation.args[0] - k.relation.args[1]) for k, c in found]
    chain.root.algebra(add(goal, *parts), unfold, told(chain.line, goal, inside, unfold))
    chain.show()
    own = len(goal.args) if isinstance(goal, Add) else 1  # the places of the goal, which stands in front
    for k, _ in found:
        left = k.relation.args[0]
        focus = next((f for f in nodes(chain.root, Sum) if f.term == left and f.at[0] >= own), None)
        if focus is None:
            return False
        k.use(focus)
    chain.root.algebra(goal, reason="cancel")
    return True


def _known(chain: Chain, goal: Expr) -> Iterator[Known]:
    for n, g in enumerate(chain.givens):
        if g.relation.operator == "=" and not g.over and not g.apart and isinstance(g.relation.args[0], Sum):
            yield Known(g.relation, n, None)
    for root in named_roots(Relation.of(chain.line, "=", goal)):
        yield Known(defining_equation(root), None, root)


def _multiples(normal: Normal, gap: Polynomial, known: list[Known]) -> list[tuple[Known, Expr]] | None:
    """The multiple of each equation that makes up the gap, or None."""
    found: dict[int, Polynomial] = {}
    equations = []
    for n, k in enumerate(known):
        p = normal.of(k.relation.args[0] - k.relation.args[1])
        heads = [m for m in p if len(m) == 1 and isinstance(m[0][0], Sum)]
        if heads:
            head = max(heads, key=lambda m: m[0][0].key)
            equations.append((n, p, head))
    for _ in range(MOST_DIVISIONS):
        step = next(((n, p, h, m) for n, p, h in equations for m in gap if _divides(h, m)), None)
        if step is None:
            break
        n, p, head, m = step
        rest, scale = merge(m, tuple((a, -e) for a, e in head)), gap[m] / p[head]
        multiple = found.setdefault(n, {})
        multiple[rest] = multiple.get(rest, Fraction(0)) + scale
        for other, c in normal.product({rest: -scale}, p).items():
            gap[other] = gap.get(other, Fraction(0)) + c
            if not gap[other]:
                del gap[other]
    if not normal.is_zero(gap):
        return None
    return [(known[n], as_term(p)) for n, p in found.items()]


def _divides(head: Monomial, m: Monomial) -> bool:
    exponents = dict(m)
    return all(exponents.get(a, Fraction(0)) >= e for a, e in head)
