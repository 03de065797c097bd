r"""One relation decided: proved, refuted with the smallest counterexample found, or not decided.

Contract. "proved" is what `gradproof.prove` proves. "refuted" has a point that satisfies the hypotheses and at which the
relation was evaluated and fails. A relation that rests on a name of which nothing is known (an unknown function, a loss
that is nowhere defined) is not refuted: what the name means may make it true.

Blind spot. A plain symbol without a definition is a variable: a claim about it is meant for all of its values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gradproof.api import prove
from gradproof.audit import Counterexample, counterexample
from gradproof.claims.sampling import fails_somewhere
from gradproof.claims.suggest import Suggestion, suggest
from gradproof.derivation import Given
from gradproof.errors import BadInput, GradproofError, NotDecided, Refuted
from gradproof.expression import (
    Array,
    Definition,
    Derivative,
    Entry,
    Expr,
    ForAll,
    Index,
    Optimum,
    Relation,
    Symbol,
    definitions,
    subterms,
)
from gradproof.proof import Proof
from gradproof.render.naming import latex_name
from gradproof.statement import Statement

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
    """A relation and what it is asked under."""

    relation: Expr
    givens: tuple[Given, ...] = ()
    definitions: tuple[Definition, ...] = field(default=())

    @property
    def over(self) -> tuple[Index, ...]:
        return tuple(sorted((i for i in self.relation.free if isinstance(i, Index)), key=lambda i: i.name))

    def statement(self, relation: Expr | None = None, title: str = "Claim") -> Statement:
        return Statement((relation or self.relation,), self.givens, title=title, definitions=self.definitions)


def decide(question: Question, suggesting: bool = True) -> Decision:
    """Decide a relation; never raises for one that is false or undecided."""
    relation = question.relation
    if not isinstance(relation, Relation | ForAll | Optimum):
        raise BadInput("nothing is claimed", expected="a relation such as a = b")
    reason = ""
    suspected = fails_somewhere(relation, question.givens, question.over)
    if not suspected:
        try:
            return Decision(PROVED, relation, prove(question.statement()))
        except Refuted:
            pass
        except NotDecided as why:
            return Decision(UNDECIDED, relation, reason=why.summary)
    unknown = tuple(dict.fromkeys(unexplained(question)))
    if unknown:
        reason = f"it rests on {', '.join(unknown)}, of which nothing is known"
        return Decision(UNDECIDED, relation, reason=reason)
    found = counterexample(relation, question.givens, over=question.over)
    if found is None:
        return Decision(UNDECIDED, relation, reason="it fails at a random point, but not at one that can be shown")
    nearest = suggest(question.statement(), question.over) if suggesting else None
    return Decision(REFUTED, relation, counterexample=found, suggestion=nearest)


def proved(question: Question) -> Proof | None:
    """The proof of a relation, or None."""
    try:
        return prove(question.statement())
    except GradproofError:
        return None


def unexplained(question: Question) -> Iterator[str]:
    """Names of which nothing is known although a claim about them means something: unknown functions and derivatives."""
    explained = {base for g in question.givens for base in g.relation.free}
    for base in sorted(_bases(question.relation), key=lambda b: b.name):
        if base not in explained and _is_opaque(base.name):
            yield latex_name(base.name).latex()
    for t in _everything(question.relation):
        if isinstance(t, Derivative) and t.moved not in t.args[0].free and _is_bare(t.args[0]):
            yield f"{_shown(t.args[0])} as a function of {t.moved.name}"


def _bases(e: Expr) -> set[Symbol | Array]:
    return {b for b in e.free if isinstance(b, Symbol | Array)}


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


def worst(decisions: Sequence[Decision]) -> str:
    """One status for several: refuted if any is, else not decided if any is."""
    found = {d.status for d in decisions}
    return next((s for s in (REFUTED, UNDECIDED) if s in found), PROVED)
