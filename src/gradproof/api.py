"""The public interface: a claim goes in; its derivation, proof, page and functions come out.

Contract. A `Proof` exists only for a derivation that the kernel has accepted, whose claims and givens are those of the
statement, and which the audit did not refute. Whatever falls short of that raises: `Refuted` with a point where the
claim fails, `NotDecided` where neither a proof nor such a point is found.

Blind spot. The kernel trusts the rules; the audit samples them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from gradproof import storage
from gradproof.audit import Counterexample, audit, counterexample
from gradproof.derivation import AuditReport, Certificate, Derivation, Given, Theorem
from gradproof.errors import BadInput, NotDecided, ProofRefused, Refuted
from gradproof.expression import Expr, ForAll, Index, Optimum, Relation, coerce
from gradproof.kernel import Refused, check
from gradproof.losses import derivative
from gradproof.proof import Proof
from gradproof.render.formulas import text
from gradproof.rules import RULES
from gradproof.signs import Signs
from gradproof.statement import Statement

__all__ = ["Proof", "Verdict", "derive", "load", "prove", "verify"]

POINTS = 40
PROPOSITIONS = Relation | ForAll | Optimum


def prove(statement: Statement) -> Proof:
    """Find a derivation of every claim of the statement, check it, audit it.

    Raises Refuted (with the point) where a claim is false, NotDecided where no derivation is found.
    """
    from gradproof.propose import propose

    _claims_something(statement)
    _defined(statement)
    try:
        derivation = propose(statement)
        certificate = _checked(derivation)
        _same_question(derivation, statement)
    except NotDecided:
        _refute(statement)
        raise
    except ProofRefused as why:
        _refute(statement)
        raise NotDecided(
            "the derivation that was found does not hold",
            where=statement.number,
            found=f"{why.summary}: {why.found}",
            advice="please report this: gradproof proposed a step that it cannot justify",
        ) from why
    return _audited(certificate, statement)


def derive(expression: Any, wrt: Any = None, given: Iterable[Any] = (), claim: Any = None, *, title: str = "") -> Proof:
    """Derive `expression`, or its derivative in `wrt`, in the form that a textbook prints; or in the form of `claim`.

    expression, wrt, claim: terms of `gradproof.notation`, or SymPy expressions; wrt is a symbol or an entry such as
    z[k], which moves all of z. given: hypotheses, `given(relation, n)` where they hold for every n.
    The derived form is `.result` of the returned proof. Raises BadInput, NotDecided, Refuted.
    """
    terms, givens = _read([t for t in (expression, wrt, claim) if t is not None], given)
    goal = terms[0]
    if wrt is not None:
        goal = derivative(goal, terms[1], (*terms, *(g.relation for g in givens)))
    if claim is not None:
        goal = Relation.of(goal, "=", terms[-1])
    return prove(Statement((goal,), givens, title=title or "Derivation"))


@dataclass(frozen=True)
class Verdict:
    """What is known of a claim: "proved" with its proof, "refuted" with a counterexample, or "unknown" and why."""

    status: str
    proof: Proof | None = None
    counterexample: str = ""
    reason: str = ""


def verify(left: Any, right: Any = None, given: Iterable[Any] = ()) -> Verdict:
    """Decide left == right, or the relation `left` where `right` is left out (kl >= 0).

    Both are terms of `gradproof.notation` or SymPy expressions. Never raises for a claim that is false or undecided.
    """
    terms, givens = _read([left] if right is None else [left, right], given)
    claim = terms[0] if right is None else Relation.of(terms[0], "=", terms[1])
    if not isinstance(claim, Relation):
        raise BadInput("nothing is claimed", expected="verify(left, right), or a relation", found=text(claim))
    try:
        return Verdict("proved", prove(Statement((claim,), givens, title="Claim")))
    except Refuted as why:
        return Verdict("refuted", counterexample=why.found, reason=why.summary)
    except NotDecided as why:
        return Verdict("unknown", reason=str(why))


def load(path: str | Path) -> Proof:
    """Read a saved proof and check it again: every step by the kernel, every line by the audit. Nothing is searched.

    Raises BadInput where the file is not a saved proof, ProofRefused where a step does not follow.
    """
    saved = storage.load(path)
    certificate = _checked(saved.derivation)
    statement = saved.statement or _statement_of(saved.derivation)
    _same_question(saved.derivation, statement)
    return _audited(certificate, statement)


def _checked(derivation: Derivation) -> Certificate:
    try:
        return check(derivation, RULES)
    except Refused as why:
        raise ProofRefused(
            "the kernel refuses a step", where=derivation.number or derivation.title, found=str(why)
        ) from why
    except RecursionError as why:
        raise NotDecided("a term is nested too deeply to be checked", where=derivation.number) from why


def _audited(certificate: Certificate, statement: Statement) -> Proof:
    report: AuditReport = audit(certificate.derivation, points=POINTS)
    if report.refuted:
        raise Refuted(
            "the audit found a point where a checked line fails, so a rule in use is false",
            where=statement.number or statement.title,
            found=report.refuted,
            advice="please report this: it is a fault of gradproof, not of the claim",
        )
    return Proof(certificate, statement, report, proved_claims(certificate.derivation, statement))


def _claims_something(statement: Statement) -> None:
    if not statement.claims:
        raise BadInput("the statement claims nothing", where=statement.number or statement.title)


def _defined(statement: Statement) -> None:
    """Refuse claims about terms that are undefined, for all gradproof can see, somewhere in their declared domains.

    A claim may rest on the lemmas and claims before it: sqrt(KL) is defined where KL >= 0 is one of them.
    """
    signs = Signs(statement.givens)
    for claim in (*statement.lemmas, *statement.claims):
        if missing := signs.undefined(claim):
            _refute(statement)  # where one side is defined and the other is not, the claim is false
            what, _, term = missing.partition(": ")
            raise BadInput(
                "the claim is not known to be defined everywhere in the declared domains",
                where=statement.number,
                expected=what if term else "",
                found=term or missing,
                advice=_declaration(what, term),
            )
        if isinstance(claim, Relation) and claim.operator != "<=>":
            signs = signs.knowing((Given(claim, tuple(i for i in claim.free if isinstance(i, Index))),))


def _declaration(what: str, term: str) -> str:
    """What to say in a statement so that the term is defined."""
    condition = {"must be > 0": f"{term} > 0", "must not be 0": f"{term} != 0"}
    said = next((c for words, c in condition.items() if what.endswith(words)), "")
    return f"declare {said}: by the domains of its names (POSITIVE, UNIT), or as a given" if said else ""


def _same_question(derivation: Derivation, statement: Statement) -> None:
    """A derivation proves a statement only from the statement's own givens, and only if it ends in its claims."""
    _claims_something(statement)
    extra = [g for g in derivation.givens if g not in statement.givens]
    if extra:
        raise ProofRefused(
            "the derivation assumes something that the statement does not give",
            where=statement.number or statement.title,
            found=text(extra[0].relation),
        )
    proved_claims(derivation, statement)


def proved_claims(derivation: Derivation, statement: Statement) -> tuple[Theorem, ...]:
    """The theorem that answers each claim, in order. Raises ProofRefused where one is not answered."""
    return tuple(_answer(claim, derivation, statement) for claim in statement.claims)


def _answer(claim: Expr, derivation: Derivation, statement: Statement) -> Theorem:
    for theorem in derivation.claims:
        found = theorem.statement
        if found == claim:
            return theorem
        is_equation = isinstance(found, Relation) and found.operator == "="
        if not isinstance(claim, Relation) and is_equation and found.args[0] == claim:
            return theorem
    raise ProofRefused(
        "the derivation does not end in a claim of the statement",
        where=statement.number or statement.title,
        expected=text(claim),
        found="; ".join(text(t.statement) for t in derivation.claims),
    )


def _statement_of(derivation: Derivation) -> Statement:
    """The statement that a bare derivation answers: its own claims."""
    claims = tuple(t.statement for t in derivation.claims)
    return Statement(claims, derivation.givens, derivation.source, number=derivation.number, title=derivation.title)


def _refute(statement: Statement) -> None:
    """Raise Refuted where some claim fails at a point that satisfies the givens."""
    for claim in statement.claims:
        if not isinstance(claim, PROPOSITIONS):
            continue  # a question, which has no truth value
        over = tuple(i for i in claim.free if isinstance(i, Index))
        found = counterexample(claim, statement.givens, over=over)
        if found is not None:
            where = statement.number or statement.title
            raise Refuted("the claim is false", where=where, expected=text(claim), found=described(found))


def described(point: Counterexample) -> str:
    """A counterexample in words: K = 1, z = [1]: the left side is 1, the right side is 2."""
    where = ", ".join(f"{name} = {_short(v)}" for name, v in {**point.sizes, **point.values}.items())
    values = {"left": point.left, "right": point.right}
    sides = {side: f"the {side} side is {_short(v)}" for side, v in values.items() if v is not None}
    if len(sides) != 1 or not point.reason:
        return ": ".join(part for part in (where, ", ".join(sides.values()), point.reason) if part)
    told = ", ".join(sides.get(side, f"the {side} side is {point.reason}") for side in values)
    return ": ".join(part for part in (where, told) if part)


def _short(value: Any) -> str:
    """A number, or nested lists of them, to six digits; what is left of rounding at 45 digits is 0."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_short, value))}]"
    number = float(value)
    return "0" if abs(number) < 1e-30 else f"{number:.6g}"


def _read(terms: list[Any], given: Iterable[Any]) -> tuple[list[Expr], tuple[Given, ...]]:
    """Terms and hypotheses as gradproof's own; SymPy expressions are read together, so that they share their ranges."""
    hypotheses = list(given)
    everything = [*terms, *hypotheses]
    foreign = [t for t in everything if type(t).__module__.partition(".")[0] == "sympy"]
    if foreign:
        from gradproof.sympy_bridge import read_together

        own = iter(read_together(foreign))
        everything = [next(own) if type(t).__module__.partition(".")[0] == "sympy" else t for t in everything]
    for t in everything[: len(terms)]:
        if not isinstance(t, Expr | int | float | Fraction):
            raise BadInput("not a term", expected="a term of gradproof.notation or of SymPy", found=repr(t))
    return [coerce(t) for t in everything[: len(terms)]], tuple(_given(g) for g in everything[len(terms) :])


def _given(hypothesis: Any) -> Given:
    if isinstance(hypothesis, Given):
        return hypothesis
    if not isinstance(hypothesis, Relation):
        raise BadInput("not a hypothesis", expected="a relation, or given(relation, n)", found=repr(hypothesis))
    loose = sorted(i.name for i in hypothesis.free if isinstance(i, Index))
    if loose:
        raise BadInput(
            f"a hypothesis depends on the index {loose[0]}",
            found=text(hypothesis),
            advice=f"say for which: given(relation, {', '.join(loose)}) for all of them, given(relation) for this one",
        )
    return Given(hypothesis)
