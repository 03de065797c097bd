"""One entry of the book: its page in LaTeX, and what the indices need to know of it. All of it text.

Contract. `page` raises nothing for an entry that cannot be proved: it says so in `problem`, so that one entry does not
cost the others.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

from gradproof import expression as x
from gradproof.derivation import Theorem
from gradproof.document import Document
from gradproof.entries import catalogue
from gradproof.errors import GradproofError
from gradproof.expression import Expr, definitions, subterms
from gradproof.proof import Proof
from gradproof.render import latex
from gradproof.rules import RULES

MARK = "@@{}@@"  # stands on the page where the entry that claims this lemma may be named


@dataclass(frozen=True)
class Page:
    """An entry, proved and printed; or the `problem` with it, and the exit code that tells its kind."""

    number: str
    title: str = ""
    source: str = ""
    body: str = ""  # LaTeX without a heading
    rules: tuple[str, ...] = ()  # used in the proof
    signs: tuple[str, ...] = ()  # functions and kinds of terms in it
    claims: tuple[str, ...] = ()  # fingerprints
    lemmas: tuple[str, ...] = ()
    steps: int = 0
    seconds: float = 0.0
    problem: str = ""
    code: int = 0


def page(number: str) -> Page:
    """Prove, audit and print one entry."""
    began = time.perf_counter()
    entry = catalogue()[number]
    try:
        proof = entry.prove()
    except GradproofError as why:
        seconds = time.perf_counter() - began
        problem = f"{type(why).__name__}: {why.summary}"
        return Page(number, entry.title, problem=problem, code=why.exit_code, seconds=seconds)
    return _printed(number, proof, began)


def _printed(number: str, proof: Proof, began: float) -> Page:
    theorems = proof.certificate.derivation.theorems
    terms = [t for theorem in theorems for t in _terms(theorem)]
    prints = {t.name: fingerprint(t.closed()) for t in theorems}
    return Page(
        number,
        title=latex.VOICE.say((proof.statement.title,)),
        source=proof.statement.source,
        body=latex.render(_marked(proof.document(), theorems, prints), fragment=True, heading=False),
        rules=tuple(sorted({r for t in theorems for r in _rules(t)} & set(RULES))),
        signs=tuple(sorted(_signs([*terms, *(d.body for t in terms for d in definitions(t))]))),
        claims=tuple(prints[t.name] for t in theorems if t.role == "claim"),
        lemmas=tuple(prints[t.name] for t in theorems if t.role != "claim"),
        steps=len(proof.steps),
        seconds=time.perf_counter() - began,
    )


def _marked(document: Document, theorems: tuple[Theorem, ...], prints: dict[str, str]) -> Document:
    """The document with a mark after the title of every lemma."""
    sections = (
        replace(s, title=(*s.title, MARK.format(prints[t.name]))) if t.role != "claim" and s.title else s
        for s, t in zip(document.sections, theorems, strict=True)
    )
    return replace(document, sections=tuple(sections))


NAME = re.compile(r"(Entry|Symbol)\[([^\],]+)")


def fingerprint(statement: Expr) -> str:
    """The same for statements that say the same: up to indices and names, with definitions and domains."""
    terms = [statement, *(d.body for d in definitions(statement))]
    said = "\n".join(t.key for t in terms)
    numbers = {name: n for n, name in enumerate(dict.fromkeys(m[2] for m in NAME.finditer(said)))}
    free = {v for t in terms for v in t.free if isinstance(v, x.Symbol | x.Array)}
    told = [said, *(f"Entry[{v.name}] in {v.domain} {_shape(v)}" for v in free)]
    plain, *domains = (NAME.sub(lambda m: f"{m[1]}[{numbers.get(m[2], m[2])}", t) for t in told)
    return hashlib.sha256("\n".join([plain, *sorted(domains)]).encode()).hexdigest()[:16]


def _shape(v: x.Symbol | x.Array) -> str:
    return ", ".join(n.key for n in v.shape) if isinstance(v, x.Array) else ""


def _terms(theorem: Theorem) -> Iterable[Expr]:
    yield theorem.statement
    if theorem.start is not None:
        yield theorem.start
    yield from (s.result for s in theorem.steps)


def _rules(theorem: Theorem) -> Iterable[str]:
    yield from (s.rule for s in theorem.steps)
    if theorem.by is not None:
        yield theorem.by.rule


def _signs(terms: Iterable[Expr]) -> set[str]:
    """The names of functions, and the kinds of all other nodes."""
    return {t.name if isinstance(t, x.Function) else type(t).__name__ for e in set(terms) for t in subterms(e)}
