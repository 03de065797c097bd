"""Lemmas that a derivation needs on its way: derivatives of defined families, distributions that sum to one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gradproof.derivation import Theorem
from gradproof.expression import (
    Array,
    Bound,
    Definition,
    Derivative,
    Entry,
    Expr,
    Index,
    Number,
    Relation,
    Sum,
    Symbol,
    definitions,
    fresh_letter,
    names,
    subterms,
)
from gradproof.normal import Normal
from gradproof.propose import roots
from gradproof.propose.algebra import algebra_to
from gradproof.propose.chain import Chain
from gradproof.propose.differentiate import Lemma, differentiate, partition
from gradproof.propose.forms import identified, textbook
from gradproof.propose.simplify import cancel, contract, match_sum, nodes, use_givens

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ONE = Number.of(1)


def derivative_lemmas(proposer: Proposer, e: Expr) -> None:
    """A lemma for the derivative of every family of terms that moves, in the order of the definitions."""
    for d in [t for t in subterms(e) if isinstance(t, Derivative) and proposer.closed_form(t.args[0]) is None]:
        for definition in definitions(d.args[0]):
            whole = isinstance(d.args[0], Entry) and d.args[0].base == definition
            moving = d.moved in definition.body.free
            if moving and roots.is_root(definition):
                roots.root_lemma(proposer, definition, d.moved, e)
            elif moving and definition.shape and not whole and not partition(definition):
                derivative_lemma(proposer, definition, d.moved, e)


def known_derivative(proposer: Proposer, theorem: Theorem) -> None:
    """A derivative of a defined term that the statement asks for serves what comes after it."""
    assert isinstance(theorem.statement, Relation)
    left = theorem.statement.args[0]
    if not (isinstance(left, Derivative) and isinstance(left.args[0], Entry)):
        return
    entry, variable = left.args
    at = (*entry.args, *(variable.args if isinstance(variable, Entry) else ()))
    general = len(set(at)) == len(at) and set(at) <= set(theorem.over)
    if isinstance(entry, Entry) and isinstance(entry.base, Definition) and general:
        proposer.lemmas.setdefault((entry.base, left.moved), Lemma(theorem, theorem.over))


def derivative_lemma(proposer: Proposer, d: Definition, moved: Symbol | Array, around: Expr) -> None:
    if (d, moved) in proposer.lemmas:
        return
    params = d.parameters()
    taken = {p.name for p in params} | names(d.body)
    variable: Expr = moved if isinstance(moved, Symbol) else entry_of(moved, taken, around)
    chain = Chain(Derivative.of(d[params], variable), proposer.givens)
    chain.root.child(0).unfold()
    differentiate(chain, proposer.lemmas, through=True)
    reached = len(chain.steps) - 1
    if contract(chain):
        chain.hide(reached)
        chain.show()
    if cancel(chain):
        chain.show()
    about = [x for x in proposer.foldable(chain) if d in definitions(x.body)]
    fold = tuple(dict.fromkeys((*definitions(d.body), d, *about)))
    algebra_to(chain, identified(textbook(chain.line, chain.signs, fold), params))
    again = any(k[0] == d for k in proposer.lemmas)
    name = f"derivative of {d.name}" + (f" in {moved.name}" if again else "")
    theorem = proposer.add(proposer.theorem_of(chain, name, "lemma"))
    proposer.lemmas[d, moved] = Lemma(theorem, theorem.over)


def entry_of(array: Array, taken: set[str], around: Expr) -> Entry:
    """An entry of the array, with the letters of the claim where they are not in use."""
    letters: list[Index] = []
    wanted = [t.args[1].args for t in subterms(around) if isinstance(t, Derivative) and t.moved == array]
    hints = [i.name for i in wanted[0] if isinstance(i, Index)] if wanted else []
    for n, size in enumerate(array.shape):
        hint = hints[n] if len(hints) == len(array.shape) else "k"
        letter = fresh_letter(hint, taken | {i.name for i in letters})
        letters.append(Index.of(letter, size))
    return array[tuple(letters)]


def use_normalisation(proposer: Proposer, chain: Chain) -> bool:
    """Put 1 for the sum of a family that is a distribution by its definition, by a lemma, wherever it stands."""
    changed = False
    while _normalised_once(proposer, chain):
        changed = True
    return changed


def _normalised_once(proposer: Proposer, chain: Chain) -> bool:
    for focus in nodes(chain.root, Sum):
        if focus.term == chain.start:  # that is what is to be proved
            continue
        for depth, inside in _summed_entries(focus.term):
            lemma = normalisation(proposer, inside.base, depth)  # type: ignore[arg-type]
            if lemma is None:
                continue
            found = match_sum(focus, lemma.statement.args[0], lemma.indices)
            if found is not None:
                found[0].lemma(lemma.theorem.name, lemma.statement, lemma.indices, found[1])
                return True
    return False


def _summed_entries(e: Expr) -> Iterator[tuple[int, Entry]]:
    """A defined family under one sum or two, over its last indices, with the number of sums."""
    for depth in (1, 2):
        e = e.args[1]
        last = {Bound((), (n,)) for n in range(depth)}
        if isinstance(e, Entry) and isinstance(e.base, Definition) and set(e.args[-depth:]) == last:
            yield depth, e
        if not isinstance(e, Sum):
            return


def normalisation(proposer: Proposer, d: Definition, depth: int = 1) -> Lemma | None:
    """The lemma that the members of a family sum to one over their last index, or two, if they do."""
    if (d, depth) not in proposer.normalised:
        total: Expr = d[d.parameters()]
        for i in d.parameters()[: -depth - 1 : -1]:
            total = Sum.over(i, total)
        proposer.normalised[d, depth] = None
        chain = Chain(total, proposer.givens)
        if Normal(proposer.signs, None).equal(total, ONE):
            proposer.aim(chain, ONE)
        elif isinstance(d.body, Sum):
            chain.root.child(1).unfold()
            use_givens(chain)
        if chain.line == ONE:
            theorem = proposer.add(proposer.theorem_of(chain, f"{d.name} sums to one", "lemma"))
            proposer.normalised[d, depth] = Lemma(theorem, theorem.over)
    return proposer.normalised[d, depth]
