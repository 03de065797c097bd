"""For a false claim the nearest true one, where one is close.

Contract. A suggestion holds at every point at which it was tested; `status` says whether it was proved as well.
The side of the claim that says more is changed, one slip at a time; as a last resort the left side is derived. The work
is bounded in candidates, and nothing new is begun after `SECONDS` of processor time, which a busy machine does not
shorten.

Blind spot. The nearest true claim is not always the one that was meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from time import process_time

from gradproof.api import prove
from gradproof.audit import counterexample
from gradproof.claims.edits import COPIED, edits, sign
from gradproof.claims.places import Names, places, put
from gradproof.claims.sampling import Points
from gradproof.errors import GradproofError
from gradproof.expression import Derivative, Entry, Expr, Index, Limit, Number, Relation, Symbol, definitions, subterms
from gradproof.render.formulas import latex
from gradproof.statement import Statement

SECONDS, CANDIDATES, POINTS, PROOFS = 3.0, 4000, 12, 4
LONGEST, ROOM = 3, 60  # a derived form is offered up to this many times the length of the claim, plus this
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True)
class Suggestion:
    """A claim close to a false one. `status` is "proved", or "sampled" where it was tested at points only."""

    relation: Relation
    status: str
    change: str  # what was wrong, in words

    @property
    def latex(self) -> str:
        return latex(self.relation)


def suggest(statement: Statement, over: tuple[Index, ...]) -> Suggestion | None:
    """The nearest true form of the statement's claim."""
    claim = statement.claims[0]
    if not isinstance(claim, Relation) or claim.operator in ("!=", "<=>"):
        return None
    deadline = process_time() + SECONDS
    candidates = dict(islice(((new, what) for what, new in _candidates(claim)), CANDIDATES))
    points = Points((claim, *over), statement.givens, POINTS)
    alive = points.survivors(list(candidates), deadline)
    best = _first(alive, candidates, statement, over, deadline)
    if best is not None and best.status == "proved":
        return best
    return _derived(claim, statement, deadline) or best


def _candidates(claim: Relation) -> Iterator[tuple[str, Relation]]:
    left, right = claim.args
    operator = claim.operator
    names = Names.of(claim)
    if operator != "=":
        yield "the direction", Relation.of(left, MIRRORED[operator], right)
        if len(operator) == 1:
            yield "a strict inequality", Relation.of(left, f"{operator}=", right)
        for p in reversed(list(places(right))):
            yield from (("a sign", Relation.of(left, operator, put(right, p.path, new))) for new in sign(p, names))
        return
    for what, new in edits(right, names):
        if new != left or what != COPIED:  # a line that should repeat the one before may be said to
            yield what, Relation.of(left, "=", new)
    if _is_name(right) and not _is_name(left):
        for what, new in edits(left, names):
            if new != right:
                yield what, Relation.of(new, "=", right)


def _is_name(e: Expr) -> bool:
    return isinstance(e, Symbol | Entry | Number)


def _first(
    alive: Sequence[Relation],
    changes: dict[Relation, str],
    statement: Statement,
    over: tuple[Index, ...],
    deadline: float,
) -> Suggestion | None:
    """The first survivor that can be proved; else the first that only holds wherever it was tested."""
    fallback = None
    for relation in alive[:PROOFS]:
        if process_time() > deadline and fallback is not None:
            break
        try:
            prove(Statement((relation,), statement.givens, title="Suggestion", definitions=statement.definitions))
            return Suggestion(relation, "proved", changes[relation])
        except GradproofError:
            if fallback is None and counterexample(relation, statement.givens, over=over) is None:
                fallback = Suggestion(relation, "sampled", changes[relation])
    return fallback


def _derived(claim: Relation, statement: Statement, deadline: float) -> Suggestion | None:
    """The left side in the form that a textbook prints, where that is short."""
    left, right = claim.args
    if process_time() > deadline or claim.operator != "=" or not _is_open(left):
        return None
    try:
        proof = prove(Statement((left,), statement.givens, title="Suggestion", definitions=statement.definitions))
    except GradproofError:
        return None
    found = proof.result
    known = {*definitions(claim), *statement.definitions}
    if (
        not known.issuperset(definitions(found))
        or _is_open(found)
        or len(latex(found)) > LONGEST * len(latex(right)) + ROOM
    ):
        return None
    return Suggestion(Relation.of(left, "=", found), "proved", "the right side")


def _is_open(e: Expr) -> bool:
    """Whether something is left to be worked out."""
    return any(isinstance(t, Derivative | Limit) for t in subterms(e))
