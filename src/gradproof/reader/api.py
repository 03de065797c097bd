r"""Reading one formula, one chain of relations, or all formulas of a request together.

Contract. `read_many` is what a command line needs: index ranges and shapes are inferred over the loss, the
definitions, the hypotheses, the variable, the expected result and the claims at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gradproof.derivation import Given
from gradproof.expression import Definition, Expr
from gradproof.reader.environment import Environment
from gradproof.reader.errors import ReadError, Source, Span
from gradproof.reader.meaning.statements import Said
from gradproof.reader.request import TERMS, Line, read_lines


@dataclass(frozen=True)
class Reading:
    """What a request says; a part that was not asked for is None or empty."""

    loss: Expr | None
    wrt: Expr | None
    expect: Expr | None
    claims: tuple[tuple[Said, ...], ...]  # a chain of relations for each claim
    definitions: tuple[Definition, ...]
    givens: tuple[Given, ...]
    environment: Environment


def read(latex: str, environment: Environment | None = None, *, label: str = "") -> Expr:
    """The term, or the proposition, that a formula says. A formula of vectors is read for every entry."""
    ((term, said),) = _outcome(latex, environment, label)
    if len(said) > 1:
        at = said[1].span
        raise ReadError("a chain of relations", Source(latex, label), at, advice="read it with read_relation")
    return term


def read_relation(latex: str, environment: Environment | None = None, *, label: str = "") -> tuple[Said, ...]:
    """The relations of a chain a = b <= c, in order, each with its place in the text."""
    ((_, said),) = _outcome(latex, environment, label)
    return _claimed(said, latex, label)


def _claimed(said: tuple[Said, ...], text: str, label: str) -> tuple[Said, ...]:
    if not said:
        at = Span(0, len(text))
        raise ReadError("nothing is claimed", Source(text, label), at, expected="a relation such as a = b")
    return said


def _outcome(latex: str, environment: Environment | None, label: str) -> tuple[tuple[Expr, tuple[Said, ...]], ...]:
    return (environment or Environment()).reading((Line(latex, "term", label),)).terms


def read_many(
    *,
    loss: str | None = None,
    wrt: str | None = None,
    expect: str | None = None,
    claims: Iterable[str] = (),
    lets: Iterable[str] = (),
    givens: Iterable[str] = (),
    environment: Environment | None = None,
) -> Reading:
    """Read all formulas of a request together."""
    base = environment or Environment()
    single = [(text, name) for text, name in ((loss, "loss"), (wrt, "wrt"), (expect, "expect")) if text is not None]
    asked = _labelled(claims, "claim")
    lines = [
        *base.lines,
        *_labelled(lets, "let"),
        *_labelled(givens, "given"),
        *(Line(text, "loss" if name == "loss" else "term", name) for text, name in single),
        *(replace(line, role="term") for line in asked),
    ]
    outcome = read_lines(lines, base.declared)
    terms = outcome.terms
    found = {name: _term(terms[n], text, name) for n, (text, name) in enumerate(single)}
    stated = terms[len(single) :]
    chains = tuple(_claimed(said, line.text, line.label) for (_, said), line in zip(stated, asked, strict=True))
    known = replace(
        base,
        lines=tuple(line for line in lines if line.role not in TERMS),
        known=outcome.declared,
        definitions=outcome.definitions,
        givens=outcome.givens,
    )
    return Reading(
        found.get("loss"), found.get("wrt"), found.get("expect"), chains, outcome.definitions, outcome.givens, known
    )


def _labelled(texts: Iterable[str], role: str) -> list[Line]:
    rows = list(texts)
    return [Line(text, role, f"{role} {n}" if len(rows) > 1 else role) for n, text in enumerate(rows, 1)]


def _term(found: tuple[Expr, tuple[Said, ...]], text: str, name: str) -> Expr:
    term, said = found
    if said:
        raise ReadError("a relation where a term is needed", Source(text, name), said[0].span, advice="give one side")
    return term
