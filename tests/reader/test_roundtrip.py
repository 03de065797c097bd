"""What gradproof prints is read back as the same term: random terms of the language, and every line of every proof.

2,000 random terms by default; GRADPROOF_FUZZ=10000 reads that many.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from random_terms import random_term

from gradproof import catalogue
from gradproof import expression as x
from gradproof.errors import GradproofError
from gradproof.expression import Expr, Index
from gradproof.proof import Proof
from gradproof.reader import environment_of, read
from gradproof.reader.errors import NotReadable, ReadError
from gradproof.render import formula_latex

TERMS = int(os.environ.get("GRADPROOF_FUZZ", "2000"))
BLOCK = 250
KINDS = """
Add Bound Constant Delta Derivative Entry ForAll Function Index Limit Mul Number Optimum Pow Product
Relation Sum Symbol Vector
"""


@pytest.mark.parametrize("first", range(0, TERMS, BLOCK))
def test_random_terms_are_read_back(first: int) -> None:
    for seed in range(first, min(first + BLOCK, TERMS)):
        term = random_term(seed)
        latex = formula_latex(term)
        assert read(latex, environment_of(term)) == term, f"seed {seed}: {latex}"


def test_the_random_terms_cover_the_language() -> None:
    kinds = {type(t).__name__ for seed in range(1000) for t in x.subterms(random_term(seed))}
    assert kinds >= set(KINDS.split())
    printed = {formula_latex(random_term(seed)) for seed in range(1000)}
    assert len(printed) > 900


def lines(number: str, prove: Callable[[str], Proof]) -> list[Expr]:
    """Givens, claims, starts and lines of a derivation, and the definitions they rest on."""
    try:
        d = prove(number).certificate.derivation
    except GradproofError:
        return list(catalogue()[number].statement.claims)
    found: list[Expr] = [g.relation for g in d.givens]
    for theorem in d.theorems:
        found += [theorem.statement, *([theorem.start] if theorem.start is not None else [])]
        found += [step.result for step in theorem.steps]
    for definition in {e: None for line in found for e in x.definitions(line)}:
        at = definition.parameters()
        found.append(x.Relation.of(definition[at], "=", definition.unfold(at)))
    return list(dict.fromkeys(found))


def shifted(line: Expr) -> bool:
    """Whether an index is a sum or stops short of the range, as V_{t + 1} and V_t: the reader gives one range each."""
    return any(
        isinstance(a, x.Add) or (isinstance(a, Index) and a.size != size)
        for t in opened(line)
        if isinstance(t, x.Entry)
        for a, size in zip(t.args, t.base.shape, strict=True)
    )


def expected(line: Expr) -> bool:
    """Whether the line speaks of a mean under a law, which the reader does not know."""
    return any(isinstance(t, x.Expectation) for t in x.subterms(line))


def opened(e: Expr) -> Iterator[Expr]:
    """The term and all below it, the bound indices as indices."""
    yield e
    inside = (e.open(e.fresh()),) if isinstance(e, x.Binder) else e.args
    for a in inside:
        yield from opened(a)


def of_matrix(e: Expr) -> bool:
    """Whether the term has an inverse, a determinant or an eigenvalue: printed, and not read yet."""
    return any(isinstance(t, x.OfMatrix) for t in x.subterms(e))


@pytest.mark.parametrize("number", list(catalogue())[:: 1 if os.environ.get("GRADPROOF_ALL") else 3])
def test_every_line_of_a_proof_is_read_back(number: str, prove: Callable[[str], Proof]) -> None:
    found = lines(number, prove)
    unknown = [line for line in found if any(isinstance(f, x.Unknown) for f in line.free)]
    for line in unknown:
        with pytest.raises(NotReadable, match="an unknown function"):
            environment_of(line)
    found = [line for line in found if line not in unknown]
    symbols = environment_of(*found)
    for line in found:
        latex = formula_latex(line)
        for known in (symbols, environment_of(line)):
            ours = x.Root | x.Ranking | x.Application
            if shifted(line) or of_matrix(line) or expected(line) or any(isinstance(t, ours) for t in x.subterms(line)):
                with pytest.raises((NotReadable, ReadError)):
                    read(latex, known)
            else:
                assert read(latex, known) == line, latex
