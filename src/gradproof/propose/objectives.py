"""What stands below a derivative, made ready for it: the loss by its definition, its terms, its parts by name.

Contract. Each function leaves on the chain a line that equals the one before. `by_summands` differentiates a long sum
by a lemma for each of its terms; `name_parts` gives names to sums of exponentials that came without.

Blind spot. Only the front is looked at: the term that the outermost derivatives are taken of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradproof.expression import Add, Definition, Derivative, Entry, Relation
from gradproof.propose import lemmas, naming, roots
from gradproof.propose.chain import Chain
from gradproof.propose.differentiate import differentiate
from gradproof.propose.shapes import places

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

MANY = 4  # terms of a sum that are differentiated one by one


def unfold_front(proposer: Proposer, chain: Chain) -> None:
    """The loss by its definition: the derivative of a defined scalar starts with what the name stands for.

    A mean starts with the closed form that has been proved for it.
    """
    focus = chain.root
    while isinstance(focus.term, Derivative):
        focus = focus.child(0)
    here = focus.term
    closed = proposer.closed_form(here)
    if focus.at and closed is not None:
        focus.lemma(closed.name, closed.statement)  # type: ignore[arg-type]
    elif focus.at and isinstance(here, Entry) and isinstance(here.base, Definition) and not roots.is_root(here.base):
        focus.unfold()


def by_summands(proposer: Proposer, chain: Chain) -> bool:
    """The derivative of a long sum of terms: a lemma for each term, so that no line repeats them all."""
    here = chain.line
    if not isinstance(here, Derivative) or not isinstance(here.args[0], Add) or len(here.args[0].args) < MANY:
        return False
    terms, x = here.args[0].args, here.args[1]
    chain.root.rule("derivative of a sum", terms=terms, x=x)
    chain.show()
    target, proposer.summands = proposer.target, True
    for term in sorted(set(terms), key=terms.index):
        if here.moved in term.free:
            lemma = proposer.equation(Derivative.of(term, x), None, f"term {len(proposer.theorems) + 1}", "lemma")
            assert isinstance(lemma.statement, Relation)
            for path in list(places(chain.line, Derivative, lemma.statement.args[0].__eq__)):
                chain.root.descend(path).lemma(lemma.name, lemma.statement)
    proposer.target, proposer.summands = target, False
    differentiate(chain, proposer.lemmas)
    chain.show()
    return True


def name_parts(proposer: Proposer, chain: Chain) -> None:
    """Names for the sums of exponentials of a loss that came without, and lemmas for their derivatives."""
    focus = chain.root
    while isinstance(focus.term, Derivative):
        focus = focus.child(0)
    found = naming.parts(focus.term, proposer.signs, proposer.foldable(chain), proposer.reserved())
    to = naming.named(focus.term, found)
    if to == focus.term:
        return
    chain.named += [d for p in found for d in (p.total, p.share)]
    proposer.introduced += [d for p in found for d in (p.total, p.share) if d not in proposer.introduced]
    focus.algebra(to, unfold=[d.name for p in found for d in (p.total, p.share)], reason="name the parts")
    chain.show()
    lemmas.derivative_lemmas(proposer, chain.line)
