"""Jensen's inequality for the logarithm, by tangents: all logarithms of a difference joined into one under one mean.

The difference of two sides is a sum of weighted logarithms. Those that fit under one mean are put there
(`gradproof.propose.means`); the product of all their arguments stands in one logarithm, whose tangent at 1 gives the
bound. What is left is algebra, and sometimes the symmetry of a double sum.

Blind spot. One tangent, at 1, of the logarithm as it stands or of the root of its argument.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.expression import Expr, Function, Index, Number, Relation, Sum, add, definitions, mul
from gradproof.normal import Normal, TooLarge
from gradproof.propose import bounds
from gradproof.propose.algebra import algebra_to
from gradproof.propose.chain import Chain
from gradproof.propose.forms import expanded_form
from gradproof.propose.identities import has_log, open_definition, open_family, open_front
from gradproof.propose.means import Joint, Opener, Part, joined
from gradproof.propose.shapes import coefficient, split_sum
from gradproof.propose.signed import signed_form
from gradproof.propose.simplify import cancel, nodes, pull_constants
from gradproof.propose.symmetry import symmetrise

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ZERO = Number.of(0)
MOST_PARTS = 24


def by_tangent(proposer: Proposer, left: Expr, operator: str, right: Expr) -> Chain | None:
    """A chain from `left` to the number `right` by one tangent for each joint logarithm."""
    if operator not in ("<=", ">=") or not isinstance(right, Number):
        return None
    tried: list[list[Part]] = []
    for depth in (1, 0, 2):
        found = Opener(proposer.signs, left, depth).parts()
        if len(found) > MOST_PARTS or not any(p.argument is not None for p in found) or found in tried:
            continue
        tried.append(found)
        groups, others = joined(proposer, found)
        for scale in _scales(groups):
            kept, normalised = len(proposer.theorems), dict(proposer.normalised)
            chain = Chain(left, proposer.givens)
            if _join(proposer, chain, groups, others, scale) and _bounded(proposer, chain, operator, right):
                return chain
            del proposer.theorems[kept:]
            proposer.normalised = normalised
    return None


def _scales(groups: list[Joint]) -> list[Fraction]:
    """The multiples of a logarithm tried: as they stand, of square roots, and of the inverse."""
    rows = [r for g in groups if len(g.rows) > 1 for r in g.rows] or [r for g in groups for r in g.rows]
    sizes = sorted({abs(r.coefficient) for r in rows})
    sizes += [2 * c for c in sizes if 2 * c not in sizes]
    return [*sizes, *(-c for c in sizes)]


def _join(proposer: Proposer, chain: Chain, groups: list[Joint], others: list[Part], scale: Fraction) -> bool:
    """The parts one by one, each under the weight of its group, then one logarithm for each group."""
    joint = [g.at_scale(_signed(g, scale)) for g in groups]
    lines = [
        [*(m for g in groups for m in g.members), *others],
        [*(r for g in groups for r in g.rows), *others],
        [*joint, *others],
    ]
    apart, wide, target = (add(*(p.term() for p in line)) for line in lines)
    if any(proposer.signs.undefined(e) for e in (apart, wide, target)):
        return False
    open_front(chain)
    chain.show()
    if not algebra_to(chain, apart):
        return False
    pairs = [(m, r) for g in groups for m, r in zip(g.members, g.rows, strict=True)]
    for m, r in pairs:
        if (before := m.term()) != (after := r.term()) and not _widen(proposer, chain, unit(before), unit(after)):
            return False
    chain.show()
    if not Normal(proposer.signs).equal(chain.line, target):
        return False
    chain.root.algebra(target, reason="join the logarithms")
    chain.show()
    return True


def _signed(g: Joint, scale: Fraction) -> Fraction:
    """The scale of a group of its own keeps its sign, and its size but where the scale doubles it."""
    if len(g.rows) > 1:
        return scale
    c = g.rows[0].coefficient
    return 2 * c if abs(scale) == 2 * abs(c) else c


def unit(e: Expr) -> Expr:
    return coefficient(e)[1]


def _widen(proposer: Proposer, chain: Chain, before: Expr, after: Expr) -> bool:
    """Put `after` for `before`, by a lemma: what is added to the weight sums to one."""
    where = next((f for f in nodes(chain.root, type(before)) if f.term == before), None)
    if where is None:
        return False
    if Normal(proposer.signs).equal(before, after):
        where.algebra(after)
        return True
    other = Chain(after, proposer.givens)
    for _ in range(3):
        pull_constants(other)
        other.show()
        proposer.simplify(other)
        if algebra_to(other, before):
            break
        if not open_family(other):
            return False
    lemma = proposer.add(proposer.theorem_of(other, f"identity {len(proposer.theorems) + 1}", "lemma"))
    assert isinstance(lemma.statement, Relation)
    where.lemma(lemma.name, lemma.statement, backwards=True)
    return True


def _bounded(proposer: Proposer, chain: Chain, operator: str, right: Expr) -> bool:
    """The tangent of every logarithm, then what is left."""
    if open_definition(chain, lambda d: has_log(d.body)):
        _cancel_exponentials(chain)
        chain.show()
    if bounds.arrives(proposer, chain, operator, right):
        return True
    for focus in [f for f in nodes(chain.root, Function) if f.term.data == ("log",)]:
        negative = bounds.polarity(focus, proposer)
        if negative is None:
            return False
        upper = negative == (operator == ">=")
        focus.rule("log x <= x - 1" if upper else "log x >= 1 - 1/x", relation=operator, x=focus.term.args[0])
    chain.show()
    return finish(proposer, chain, operator, right)


def _cancel_exponentials(chain: Chain) -> None:
    for focus in list(nodes(chain.root, Function)):
        u = focus.term.args[0]
        if focus.term.data == ("exp",) and isinstance(u, Function) and u.name == "log":
            focus.rule("exp of log", a=u.args[0])


def _multiplied_out(proposer: Proposer, chain: Chain) -> bool:
    try:
        return algebra_to(chain, expanded_form(chain.line, chain.signs))
    except (TooLarge, RecursionError):
        return False


def one_sum(proposer: Proposer, chain: Chain, operator: str) -> bool:
    """Several sums over one range as one, where its terms vanish or have a sign."""
    terms = [coefficient(t) for t in split_sum(chain.line)]
    first = terms[0][1]
    if not all(isinstance(t, Sum) and t.args[0] == first.args[0] for _, t in terms):
        return False
    assert isinstance(first, Sum)
    i = Index.of(chain.letter(first.hint), first.size)
    body = add(*(mul(c, t.open(i)) for c, t in terms))  # type: ignore[attr-defined]
    found = ZERO if Normal(proposer.signs, None).equal(body, ZERO) else signed_form(proposer, body, operator)
    if found is None:
        return False
    inside = tuple(d.name for d in definitions(body) if d.shape)
    chain.root.algebra(Sum.over(i, body), reason="one sum")
    chain.show()
    if found == ZERO:
        chain.root.algebra(ZERO, inside, reason="its terms vanish")
    else:
        chain.root.child(1).algebra(found, inside, reason="rearrange")
    chain.show()
    return True


def finish(proposer: Proposer, chain: Chain, operator: str, right: Expr) -> bool:
    """From the tangents to the number: by symmetry where it helps; multiply out, use the givens, open names."""
    start = chain.mark()
    if one_sum(proposer, chain, operator) and bounds.arrives(proposer, chain, operator, right):
        return True
    for first in (symmetrise, None):
        chain.back_to(start)
        if first is not None and not first(proposer, chain):
            continue
        for tactic in (cancel, open_family):
            if tactic(chain):
                chain.show()
            bounds.expand(proposer, chain)
            if bounds.arrives(proposer, chain, operator, right):
                return True
        if _multiplied_out(proposer, chain):
            chain.show()
            proposer.simplify(chain)
            if bounds.arrives(proposer, chain, operator, right):
                return True
    return False
