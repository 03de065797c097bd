"""The page as data: title, givens, claims, sections of lines with reasons, status.

Contract. Formulas are terms and words are words, so every renderer prints the same page. Words hold terms and plain
text, in which mathematics stands between dollar signs as LaTeX.

Blind spot. Nothing here says whether a line is true; the status line says what was checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gradproof.expression import REAL, Array, Expr, ForAll, Optimum, Relation, Symbol, Unknown


@dataclass(frozen=True)
class Declared:
    """Symbols or arrays of one shape and domain, introduced together: h, t > 0."""

    bases: tuple[Symbol | Array | Unknown, ...]


Words = tuple[str | Expr | Declared, ...]


def introduced(bases: Iterable[Symbol | Array | Unknown]) -> list[Declared]:
    """The names in groups of one domain and shape: unrestricted ones first, as a page has the variable before data."""
    groups: dict[object, list[Symbol | Array | Unknown]] = {}
    for v in sorted(bases, key=lambda v: (isinstance(v, Symbol), 0 if v.domain == REAL else 1, v.name)):
        shape = (v.shape, v.into) if isinstance(v, Array) else v.orders if isinstance(v, Unknown) else None
        groups.setdefault((v.domain, shape), []).append(v)
    return [Declared(tuple(group)) for group in groups.values()]


def listed(terms: Iterable[Expr]) -> Words:
    """The terms with commas between them."""
    return tuple(part for n, t in enumerate(terms) for part in ((", ", t) if n else (t,)))


PROPOSITIONS = (Relation, ForAll, Optimum)


@dataclass(frozen=True)
class Line:
    """A line of a chain: how it relates to the line before, and why."""

    relation: str
    formula: Expr
    reasons: tuple[Words, ...] = ()

    @property
    def sign(self) -> str:
        """The relation as the page shows it: equal propositions are equivalent."""
        return "<=>" if self.relation == "=" and isinstance(self.formula, PROPOSITIONS) else self.relation


@dataclass(frozen=True)
class Chain:
    """start relation line relation line ..., each relation with its reasons."""

    start: Expr
    lines: tuple[Line, ...]

    @property
    def formulas(self) -> tuple[Expr, ...]:
        return (self.start, *(line.formula for line in self.lines))


@dataclass(frozen=True)
class Paragraph:
    """Words; `cases` are the formulas among them that are too important to be lost, each with where it holds."""

    words: Words
    cases: tuple[tuple[Expr, Relation], ...] = ()


@dataclass(frozen=True)
class Display:
    """A formula on its own line; `reasons` if it is concluded rather than computed."""

    formula: Expr
    reasons: tuple[Words, ...] = ()


Part = Chain | Paragraph | Display


@dataclass(frozen=True)
class Section:
    """A lemma or a claim's proof; `avoid` are the letters that mean something in it, which no bound index may take."""

    heading: str  # Lemma 2, Proof, Proof of (1)
    title: Words
    parts: tuple[Part, ...]
    avoid: frozenset[str] = frozenset()
    proof: bool = False


@dataclass(frozen=True)
class Document:
    title: str
    number: str
    givens: tuple[Words, ...]
    definitions: tuple[Relation, ...]  # each after those it uses
    claims: tuple[Expr, ...]
    sections: tuple[Section, ...]
    status: Words
    source: str = ""
    note: str = ""

    @property
    def numbered_claims(self) -> tuple[tuple[str, Expr], ...]:
        """The claims, each with the number that the page calls it by, if there are several."""
        several = len(self.claims) > 1
        return tuple((f"({n})" if several else "", e) for n, e in enumerate(self.claims, 1))
