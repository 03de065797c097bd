"""Every proof of the catalogue as a LaTeX page, both styles, all details: pdflatex takes it, and no box is overfull.

All pages of one style and detail go into one document, each announced in the log by name, so that a complaint can be
told from the page it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import gradproof
from gradproof.proof import DETAILS, STYLES, Proof
from gradproof.render import latex
from typesetting import PAGE, compiled, complaints, needs_pdflatex

Prove = Callable[[str], Proof]
Kind = tuple[str, str]  # style and detail
KINDS: list[Kind] = [(style, detail) for style in STYLES for detail in DETAILS]


@dataclass(frozen=True)
class Attempt:
    """A catalogue entry with its page of every kind, or with what went wrong."""

    number: str
    pages: dict[Kind, str]
    problem: str = ""


def attempt(number: str, prove: Prove) -> Attempt:
    try:
        proof = prove(number)
        return Attempt(number, {kind: latex.render(proof.document(*kind), fragment=True) for kind in KINDS})
    except Exception as why:  # whatever it is, it must not hide the other pages
        return Attempt(number, {}, f"{type(why).__name__}: {why}")


@pytest.fixture(scope="module")
def attempts(prove: Prove) -> list[Attempt]:
    """Every entry of the catalogue, printed."""
    return [attempt(number, prove) for number in gradproof.catalogue()]


@pytest.fixture(scope="module")
def printed(attempts: list[Attempt]) -> list[Attempt]:
    return [a for a in attempts if not a.problem]


def test_no_page_is_missing(attempts: list[Attempt]) -> None:
    assert [a.number for a in attempts] == list(gradproof.catalogue())
    assert {a.number: a.problem for a in attempts if a.problem} == {}


def document(printed: list[Attempt], kind: Kind) -> str:
    """All pages in one document, with the preamble of a single one."""
    pages = [latex.PREAMBLE]
    for found in printed:
        pages += [rf"\typeout{{== {found.number} {' '.join(kind)} ==}}", found.pages[kind], r"\clearpage"]
    return "\n".join([*pages, r"\end{document}", ""])


@needs_pdflatex
@pytest.mark.parametrize("kind", KINDS, ids=" ".join)
def test_every_page_compiles_without_a_complaint(kind: Kind, printed: list[Attempt], tmp_path: Path) -> None:
    code, log = compiled(document(printed, kind), tmp_path)
    assert list(complaints(log)) == []
    assert code == 0
    announced = [m[1] for m in map(PAGE.match, log.splitlines()) if m]
    assert announced == [f"{a.number} {' '.join(kind)}" for a in printed]


@needs_pdflatex
def test_the_log_is_read_rightly(tmp_path: Path) -> None:
    """An overfull line and an error are found, and at their pages: else the tests above would say nothing."""
    wide = r"\typeout{== wide ==}\mbox{\rule{2\linewidth}{1pt}}\clearpage"
    wrong = r"\typeout{== wrong ==}$\nosuchmacro$"
    code, log = compiled(f"{latex.PREAMBLE}{wide}{wrong}\\end{{document}}", tmp_path)
    assert code != 0
    first, second, *_ = complaints(log)
    assert first.startswith("wide: Overfull \\hbox")
    assert second.startswith("wrong: ! Undefined control sequence")
