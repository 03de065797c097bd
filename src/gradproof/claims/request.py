r"""What a command line asks in LaTeX: derive a loss, check a claim.

Contract. All formulas of a request are read together. Nothing is assumed that the request does not say; a derivative in
something the loss does not depend on is refused, since it is 0 for want of a definition more often than in truth.

Blind spot. A formula stands for itself: what the loss is called in its source is not known unless a --let says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gradproof.api import described, prove
from gradproof.claims.verdict import PROVED, REFUTED, UNDECIDED, Decision, Question, decide
from gradproof.errors import BadInput, NotDecided, Refuted
from gradproof.expression import Derivative, Expr, Relation
from gradproof.losses import derivative
from gradproof.proof import Proof
from gradproof.reader import Reading, Said, read_many
from gradproof.render.formulas import latex
from gradproof.statement import Statement


@dataclass(frozen=True)
class Formulas:
    """The formulas of a request, as they were typed."""

    loss: str | None = None
    wrt: str | None = None
    expect: str | None = None
    claims: tuple[str, ...] = ()
    lets: tuple[str, ...] = ()
    givens: tuple[str, ...] = ()

    def read(self) -> Reading:
        return read_many(
            loss=self.loss, wrt=self.wrt, expect=self.expect, claims=self.claims, lets=self.lets, givens=self.givens
        )


@dataclass(frozen=True)
class Derived:
    """What came of a request to derive. `expected` is None where nothing was expected, or it is not decided."""

    status: str
    goal: Expr
    proof: Proof | None = None
    expected: bool | None = None
    decision: Decision | None = None
    reason: str = ""

    @property
    def result(self) -> Expr | None:
        return None if self.proof is None else self.proof.result

    def complaint(self) -> NotDecided | Refuted | None:
        """The error that says what is wrong, if anything is."""
        if self.status == PROVED:
            return None
        if self.status == UNDECIDED:
            found = f"derived: {latex(self.result)}" if self.result is not None else ""
            return NotDecided(self.reason or "no derivation was found", found=found)
        assert self.decision is not None
        assert self.decision.counterexample is not None
        nearest = self.decision.suggestion
        return Refuted(
            "the expected form is false",
            expected=latex(self.decision.relation),
            found=described(self.decision.counterexample),
            advice=f"{nearest.latex} is true ({nearest.status}); what differs: {nearest.change}" if nearest else "",
        )


def derive(formulas: Formulas) -> Derived:
    """Derive the loss, or its derivative; towards the expected form where there is one."""
    reading = formulas.read()
    assert reading.loss is not None
    goal = _goal(reading)
    if reading.expect is None:
        try:
            return Derived(PROVED, goal, prove(_statement(goal, reading)))
        except NotDecided as why:
            return Derived(UNDECIDED, goal, reason=why.summary)
    claim = Relation.of(goal, "=", reading.expect)
    decision = decide(Question(claim, reading.givens, reading.definitions, title="Derivation"))
    if decision.status == UNDECIDED:
        reason = f"the expected form was neither reached nor refuted: {decision.reason}"
        return Derived(UNDECIDED, goal, _own_form(goal, reading), None, decision, reason)
    proof = decision.proof
    if proof is not None and proof.proposition != claim:  # only the difference of the two forms was shown to be 0
        proof = _own_form(goal, reading) or proof
    return Derived(decision.status, goal, proof, decision.status == PROVED, decision)


def _own_form(goal: Expr, reading: Reading) -> Proof | None:
    try:
        return prove(_statement(goal, reading))
    except (NotDecided, Refuted):
        return None


def _statement(goal: Expr, reading: Reading) -> Statement:
    return Statement((goal,), reading.givens, title="Derivation", definitions=reading.definitions)


def _goal(reading: Reading) -> Expr:
    loss, variable = reading.loss, reading.wrt
    assert loss is not None
    if variable is None:
        return loss
    others = (loss, *(g.relation for g in reading.givens), *(d[d.parameters()] for d in reading.definitions))
    goal = derivative(loss, variable, others)
    if isinstance(goal, Derivative) and goal.moved not in loss.free:
        advice = "say with --let what depends on it, or check its name"
        raise BadInput(f"the loss does not depend on {latex(variable)}", found=f"--loss {latex(loss)}", advice=advice)
    return goal


@dataclass(frozen=True)
class Checked:
    """One relation of a claim, as it was typed, and what is known of it."""

    source: str
    decision: Decision


def check(formulas: Formulas) -> tuple[Checked, ...]:
    """Decide every relation of every claim."""
    reading = formulas.read()
    return tuple(
        Checked(_piece(text, said), decide(Question(said.relation, reading.givens, reading.definitions)))
        for text, chain in zip(formulas.claims, reading.claims, strict=True)
        for said in chain
    )


def _piece(text: str, said: Said) -> str:
    return " ".join(text[said.span.start : said.span.end].split())


def overall(checked: Sequence[Checked]) -> str:
    """Refuted if anything is, else not decided if anything is."""
    found = {c.decision.status for c in checked}
    return next((s for s in (REFUTED, UNDECIDED) if s in found), PROVED)
