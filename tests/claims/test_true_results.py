r"""True results of the catalogue, printed as LaTeX with all that they rest on and read back from nothing but that.

None may be refuted. What the reader has no word for is counted, so that a loss of coverage shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from gradproof.claims.sampling import fails_somewhere
from gradproof.claims.verdict import REFUTED, Question, decide
from gradproof.entries import catalogue
from gradproof.errors import GradproofError
from gradproof.expression import (
    BINARY,
    NATURAL,
    REAL,
    Array,
    Expr,
    ForAll,
    Index,
    Interval,
    Optimum,
    Relation,
    Symbol,
    definitions,
)
from gradproof.reader import Reading, read_many
from gradproof.render.formulas import latex
from gradproof.render.naming import latex_name
from gradproof.statement import Statement

LEAST_READ = 180
DECIDED = ("A09", "A11", "A12", "A14", "A18", "B02", "C04", "C13", "C18", "D01", "D02", "F03", "F11", "H06", "H19")


def printed(s: Statement) -> tuple[list[str], list[str]]:
    """The definitions and the hypotheses of a statement, those of the declared domains included."""
    relations: list[Expr] = [*s.claims, *(g.relation for g in s.givens)]
    known = dict.fromkeys(d for r in relations for d in definitions(r))
    lets = [latex(Relation.of(d[d.parameters()], "=", d.unfold(d.parameters()))) for d in known]
    bases = {b for r in relations for b in r.free if isinstance(b, Array | Symbol)}
    domains = [text for b in sorted(bases, key=lambda b: b.name) for text in declared(b)]
    return lets, [*domains, *(latex(g.closed()) for g in s.givens)]


def declared(b: Array | Symbol) -> Iterator[str]:
    name = latex_name(b.name).latex()
    if isinstance(b, Symbol):
        yield from within(name, b.domain)
        return
    entry = latex(b[tuple(Index.of(a, n) for a, n in zip("abcdfgh", b.shape, strict=False))])
    if b.into is not None:
        yield rf"{entry} \in \{{1, \dots, {latex(b.into)}\}}"
        return
    sizes = r" \times ".join(map(latex, b.shape))
    yield rf"{name} \in \mathbb{{R}}^{{{sizes}}}"
    yield from within(entry, b.domain)


def within(name: str, domain: Interval) -> Iterator[str]:
    if domain == BINARY:
        yield rf"{name} \in \{{0, 1\}}"
    elif domain not in (REAL, NATURAL):
        yield f"{end(domain.low, domain.low_open, '', ' ')}{name}{end(domain.high, domain.high_open, ' ', '')}"


def end(value: Fraction | None, is_open: bool, before: str, after: str) -> str:
    sign = "<" if is_open else r"\le"
    return "" if value is None else f"{before}{sign} {value}" if before else f"{value} {sign}{after}"


def readings(number: str) -> Iterator[Reading]:
    s = catalogue()[number].statement
    lets, givens = printed(s)
    for claim in s.claims:
        if isinstance(claim, Relation | ForAll | Optimum):
            yield read_many(claims=[latex(claim)], lets=lets, givens=givens)


def question(reading: Reading) -> Question:
    return Question(reading.claims[0][0].relation, reading.givens, reading.definitions)


def test_no_true_result_fails_at_a_point() -> None:
    read, refused = 0, []
    for entry in catalogue().values():
        try:
            for reading in readings(entry.number):
                asked = question(reading)
                assert not fails_somewhere(asked.relation, asked.givens, asked.over), entry.number
                read += 1
        except GradproofError as why:
            refused.append((entry.number, why.summary))
    assert read >= LEAST_READ, refused


@pytest.mark.parametrize("number", DECIDED)
def test_no_true_result_is_refuted(number: str) -> None:
    for reading in readings(number):
        assert decide(question(reading)).status != REFUTED
