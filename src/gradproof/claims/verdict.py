r"""One relation decided: proved, refuted with the smallest counterexample found, or not decided.

Contract. "proved" is what `gradproof.prove` proves, if need be of the difference of the sides. "refuted" has a point
that satisfies the hypotheses and at which the relation was evaluated and fails. A relation that rests on a name of
which nothing is known (an unknown function, a loss that is nowhere defined) is not refuted: its meaning may make
it true.

Blind spot. A plain symbol without a definition is a variable: a claim about it is meant for all of its values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from gradproof.api import described, prove
from gradproof.audit import Counterexample, counterexample
from gradproof.claims.sampling import fails_somewhere
from gradproof.claims.suggest import Suggestion, suggest
from gradproof.derivation import Given
from gradproof.errors import BadInput, GradproofError, NotDecided, Refuted
from gradproof.expression import (
    NATURAL,
    Array,
    Definition,
    Derivative,
    Entry,
    Expr,
    ForAll,
    Index,
    Number,
    Optimum,
    Relation,
    Symbol,
    definitions,
    subterms,
)
from gradproof.proof import Proof
from gradproof.render.naming import latex_name
from gradproof.statement import Statement

ZERO = Number.of(0)
PROVED, REFUTED, UNDECIDED = "proved", "refuted", "not decided"
EXIT_CODES = {PROVED: 0, REFUTED: 1, UNDECIDED: 3}


@dataclass(frozen=True)
class Decision:
    """What is known of one relation."""

    status: str
    relation: Expr
    proof: Proof | None = None
    counterexample: Counterexample | None = None
    suggestion: Suggestion | None = None
    reason: str = ""


@dataclass(frozen=True)
class Question:
    """A relation and what it is asked under; hypotheses about other things are left out."""

    relation: Expr
    givens: tuple[Given, ...] = ()
    definitions: tuple[Definition, ...] = field(default=())
    title: str = "Claim"

    def __post_init__(self) -> None:
        object.__setattr__(self, "givens", _relevant(self.givens, self.relation))

    @property
    def over(self) -> tuple[Index, ...]:
        return tuple(sorted((i for i in self.relation.free if isinstance(i, Index)), key=lambda i: i.name))

    def statement(self) -> Statement:
        return Statement((self.relation,), self.givens, title=self.title, definitions=self.definitions)


def decide(question: Question, strict: bool = True) -> Decision:
    """Decide a relation; never raises for one that is false or undecided.

    Unless `strict`, a relation is not refuted where it only fails because one of its sides is undefined.
    """
    relation = question.relation
    if not isinstance(relation, Relation | ForAll | Optimum):
        raise BadInput("nothing is claimed", expected="a relation such as a = b")
    suspected = fails_somewhere(relation, question.givens, question.over)
    if not suspected:
        try:
            return Decision(PROVED, relation, prove(question.statement()))
        except Refuted:
            pass
        except NotDecided as why:
            proof = _by_difference(question)
            if proof is not None:
                return Decision(PROVED, relation, proof, reason="the difference of its sides is 0")
            return Decision(UNDECIDED, relation, reason=why.summary)
    unknown = tuple(dict.fromkeys(unexplained(question)))
    if unknown:
        reason = f"it rests on {', '.join(unknown)}, of which nothing is known"
        return Decision(UNDECIDED, relation, reason=reason)
    found = _counterexample(question, strict)
    if found is None:
        return Decision(UNDECIDED, relation, reason="it fails at a random point, but not at one that can be shown")
    if not strict and found.reason:
        return Decision(UNDECIDED, relation, reason=f"one side is undefined at {described(found)}")
    return Decision(REFUTED, relation, counterexample=found, suggestion=suggest(question.statement(), question.over))


def _counterexample(question: Question, strict: bool) -> Counterexample | None:
    """The simplest point that says most: unless `strict`, one at which both sides are defined."""
    search = partial(counterexample, question.relation, question.givens, over=question.over)
    return search() if strict else search(defined=True) or search()


def _by_difference(question: Question) -> Proof | None:
    """The proof that the difference of the sides is 0, where the one side could not be led to the other."""
    relation = question.relation
    if not isinstance(relation, Relation) or relation.operator != "=" or relation.args[1] == ZERO:
        return None
    difference = Relation.of(relation.args[0] - relation.args[1], "=", ZERO)
    try:
        return prove(replace(question.statement(), claims=(difference,)))
    except GradproofError:
        return None


def _relevant(givens: tuple[Given, ...], relation: Expr) -> tuple[Given, ...]:
    """The hypotheses that say something of a name of the relation, or of a name of one that does."""
    reached = set(_bases(relation))
    kept: set[int] = set()
    while True:
        more = [n for n, g in enumerate(givens) if n not in kept and reached & _bases(g.relation)]
        if not more:
            return tuple(g for n, g in enumerate(givens) if n in kept)
        kept.update(more)
        reached.update(*(_bases(givens[n].relation) for n in more))


def unexplained(question: Question) -> Iterator[str]:
    """What nothing is known of although a claim about it means something: unknown functions and derivatives."""
    explained = {base for g in question.givens for base in g.relation.free}
    for base in sorted(_bases(question.relation), key=lambda b: b.name):
        if base not in explained and _is_opaque(base.name):
            yield latex_name(base.name).latex()
    for t in _everything(question.relation):
        if isinstance(t, Derivative) and t.moved not in t.args[0].free and _is_bare(t.args[0]):
            yield f"{_shown(t.args[0])} as a function of {t.moved.name}"


def _bases(e: Expr) -> set[Symbol | Array]:
    """The names of a term; sizes connect nothing."""
    return {b for b in e.free if isinstance(b, Array) or (isinstance(b, Symbol) and b.domain != NATURAL)}


def _everything(e: Expr) -> Iterator[Expr]:
    yield from subterms(e)
    for d in definitions(e):
        yield from subterms(d.body)


def _is_opaque(name: str) -> bool:
    return "(" in name or r"\partial" in name or r"\nabla" in name


def _is_bare(e: Expr) -> bool:
    return isinstance(e, Symbol) or (isinstance(e, Entry) and isinstance(e.base, Array))


def _shown(e: Expr) -> str:
    name = e.base.name if isinstance(e, Entry) else e.name if isinstance(e, Symbol) else repr(e)
    return latex_name(name).latex()
