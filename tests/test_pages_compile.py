"""Every proof of the catalogue as a LaTeX page, both styles, all details: pdflatex takes it, and no box is overfull.

All pages of one style and detail go into one document, each announced in the log by name, so that a complaint can be
told from the page it belongs to.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import gradproof
from gradproof.entries import Entry
from gradproof.proof import DETAILS, STYLES, Proof
from gradproof.render import latex

PAGE = re.compile(r"^== (.*) ==$")
COMPLAINT = re.compile(r"^(! .*|Overfull .*|LaTeX Warning: .*|Missing character: .*)$")

needs_pdflatex = pytest.mark.skipif(
    shutil.which("pdflatex") is None, reason="NO PAGE WAS COMPILED: pdflatex is missing (Debian: texlive-latex-base)"
)


@pytest.fixture(scope="module")
def attempts() -> dict[str, Proof | Exception]:
    """Each entry of the catalogue with its proof, or with what went wrong."""
    return {number: attempt(entry) for number, entry in gradproof.catalogue().items()}


def attempt(entry: Entry) -> Proof | Exception:
    try:
        return entry.prove()
    except Exception as why:  # whatever it is, it must not hide the other pages
        return why


@pytest.fixture(scope="module")
def proofs(attempts: dict[str, Proof | Exception]) -> list[Proof]:
    return [found for found in attempts.values() if isinstance(found, Proof)]


def test_no_page_is_missing(attempts: dict[str, Proof | Exception]) -> None:
    missing = {number: f"{type(why).__name__}: {why}" for number, why in attempts.items() if isinstance(why, Exception)}
    assert missing == {}


def document(proofs: list[Proof], style: str, detail: str) -> str:
    """All pages in one document, with the preamble of a single one."""
    pages = [latex.PREAMBLE]
    for proof in proofs:
        pages.append(rf"\typeout{{== {proof.statement.number} {style} {detail} ==}}")
        pages.append(latex.render(proof.document(style, detail), fragment=True))
        pages.append(r"\clearpage")
    return "\n".join([*pages, r"\end{document}", ""])


def complaints(log: str) -> Iterator[str]:
    """What pdflatex complained of, and the page where it did; a page ends where the next is announced."""
    page = "preamble"
    for line in log.splitlines():
        if announced := PAGE.match(line):
            page = announced[1]
        elif COMPLAINT.match(line):
            yield f"{page}: {line}"


def compiled(source: str, folder: Path) -> tuple[int, str]:
    (folder / "pages.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "pages.tex"]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False)
    return done.returncode, (folder / "pages.log").read_text(encoding="utf-8", errors="replace")


@needs_pdflatex
@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("style", STYLES)
def test_every_page_compiles_without_a_complaint(style: str, detail: str, proofs: list[Proof], tmp_path: Path) -> None:
    code, log = compiled(document(proofs, style, detail), tmp_path)
    assert list(complaints(log)) == []
    assert code == 0
    announced = [m[1] for m in map(PAGE.match, log.splitlines()) if m]
    assert announced == [f"{p.statement.number} {style} {detail}" for p in proofs]


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
