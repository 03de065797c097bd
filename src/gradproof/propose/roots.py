"""Roots: their defining equation, and their derivatives by implicit differentiation.

The equation is differentiated with the derivative of the root left as it is; the line is collected as a - b dtau/dx,
which is 0; the rule of implicit differentiation solves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradproof.derivation import Inference, Theorem
from gradproof.errors import NotDecided
from gradproof.expression import (
    Array,
    Definition,
    Derivative,
    Entry,
    Expr,
    Relation,
    Root,
    Symbol,
    definitions,
    names,
    subterms,
)
from gradproof.normal import Normal, Polynomial, TooLarge
from gradproof.propose.algebra import algebra_to
from gradproof.propose.chain import Chain
from gradproof.propose.differentiate import Lemma, layer, linear
from gradproof.propose.forms import Folded, factored, fold_polynomial, merge_sums, patterns
from gradproof.propose.shapes import places
from gradproof.propose.simplify import cancel, contract, nodes, reached
from gradproof.propose.words import told
from gradproof.rules.roots import defining_equation, implicit, total

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

MOST_ROUNDS = 60


def is_root(d: Definition) -> bool:
    return isinstance(d.body, Root)


def root_lemma(proposer: Proposer, d: Definition, moved: Symbol | Array, around: Expr) -> None:
    """The derivative of a defined root, as a lemma."""
    from gradproof.propose.lemmas import entry_of

    if (d, moved) in proposer.lemmas:
        return
    root = d[d.parameters()]
    taken = names(d.body) | {i.name for i in d.parameters()}
    x: Expr = moved if isinstance(moved, Symbol) else entry_of(moved, taken, around)
    held = Derivative.of(root, x)
    chain = Chain(Derivative.of(total(root, x), x), proposer.givens)
    _differentiate(proposer, chain, held)
    direct, slope = _collected(proposer, chain, held)
    algebra_to(chain, direct - slope * held)
    if chain.line != direct - slope * held:
        raise NotDecided(f"the derivative of the equation of {d.name} is not linear in {held!r}: {chain.line!r}")
    again = f" in {moved.name}" if any(k[0] == d for k in proposer.lemmas) else ""
    name = f"derivative of {d.name}{again}"
    equation = proposer.add(proposer.theorem_of(chain, f"equation of {d.name}{again}", "lemma"))
    bindings = {"root": root, "direct": direct, "slope": slope, "x": x}
    by = Inference("implicit differentiation", bindings, (equation.name,))
    statement = implicit(**bindings)
    over = chain.indices(statement)
    theorem = proposer.add(Theorem(name, statement, by=by, over=over))
    proposer.lemmas[d, moved] = Lemma(theorem, over)


def _differentiate(proposer: Proposer, chain: Chain, held: Derivative) -> None:
    """Every derivative but that of the root itself."""
    for _ in range(MOST_ROUNDS):
        waiting = list(places(chain.line, Derivative, lambda e: e != held))
        if not waiting:
            break
        for path in waiting:
            focus = reached(chain.root, path, Derivative)
            if focus is not None and focus.term != held and not linear(focus, proposer.lemmas):
                layer(focus, proposer.lemmas)
        chain.show()
    for tactic in (contract, cancel):
        if tactic(chain):
            chain.show()


def _collected(proposer: Proposer, chain: Chain, held: Derivative) -> tuple[Expr, Expr]:
    """The line as a - b held: a and b."""
    normal = Folded(proposer.signs)
    direct: Polynomial = {}
    slope: Polynomial = {}
    try:
        for m, c in normal.of(chain.line).items():
            rest = tuple(f for f in m if f[0] != held)
            part, sign = (direct, 1) if rest == m else (slope, -1)
            part[rest] = part.get(rest, c * 0) + sign * c
    except TooLarge:
        raise NotDecided(f"the derivative of an equation has too many terms: {chain.line!r}") from None
    fold = patterns(proposer.foldable(chain), normal)
    direct, slope = (fold_polynomial(p, normal, fold) for p in (direct, slope))
    below = factored(slope, normal)
    if not proposer.signs.nonzero(below):
        below = factored(merge_sums(slope, normal, powers=True), normal)
    return factored(direct, normal), below


def by_equation(chain: Chain) -> bool:
    """Put the right side of a root's equation for its left side, in whatever form that stands."""
    return any(_one_equation(chain, root) for root in named_roots(chain.line))


def named_roots(e: Expr) -> list[Expr]:
    """The named roots in a term, those in its definitions included."""
    found = [t for d in definitions(e) for t in subterms(d.unfold(d.parameters()))]
    named = [t for t in (*subterms(e), *found) if isinstance(t, Entry) and not t.loose]
    return list(dict.fromkeys(t for t in named if isinstance(t.base, Definition) and is_root(t.base)))


def _one_equation(chain: Chain, root: Expr) -> bool:
    left = defining_equation(root).args[0]
    for focus in list(nodes(chain.root, type(left))):
        inside = definitions(Relation.of(focus.term, "=", left))
        unfold = [d.name for d in inside if not is_root(d)]
        if Normal(chain.signs, frozenset(unfold)).equal(focus.term, left):
            focus.algebra(left, unfold=unfold, reason=told(focus.term, left, inside, unfold))
            focus.rule("defining equation of a root", root=root)
            return True
    return False
