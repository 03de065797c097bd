"""PDF: real pages without overfull boxes, errors that say what to do, files that survive a failure."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import specimens as s
from gradproof.document import Document, build
from gradproof.render import PdfFailed, latex, pdf
from gradproof.render.pdf import compile_latex, complaint
from typesetting import needs_pdflatex


def page(name: str, style: str = "delta", detail: str = "normal") -> Document:
    return build(s.certificate(s.ALL[name]()), None, s.AUDIT, s.RULES, style=style, detail=detail)


@needs_pdflatex
@pytest.mark.parametrize("style", ["delta", "cases"])
@pytest.mark.parametrize("name", list(s.ALL))
def test_pages_compile_without_a_complaint(name: str, style: str, tmp_path: Path) -> None:
    (tmp_path / "page.tex").write_text(latex.render(page(name, style, "full")), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    log = done.stdout.decode("utf-8", errors="replace")
    assert done.returncode == 0, complaint(log)
    assert not re.findall(r"Overfull.*|LaTeX Warning.*", log)


@needs_pdflatex
@pytest.mark.parametrize("name", list(s.ALL))
def test_a_fragment_fits_a_plain_article(name: str, tmp_path: Path) -> None:
    body = latex.render(page(name, detail="full"), fragment=True, line=33)
    source = rf"\documentclass{{article}}\usepackage{{amsmath,amssymb}}\begin{{document}}{body}\end{{document}}"
    (tmp_path / "page.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0
    assert not re.findall(r"Overfull.*", done.stdout.decode("utf-8", errors="replace"))


@needs_pdflatex
def test_render_gives_a_pdf_and_save_writes_it(tmp_path: Path) -> None:
    target = tmp_path / "a12.pdf"
    pdf.save(page("softmax_cross_entropy"), target)
    assert target.read_bytes().startswith(b"%PDF")
    assert [f.name for f in tmp_path.iterdir()] == ["a12.pdf"]


@needs_pdflatex
def test_a_refused_page_names_the_error() -> None:
    with pytest.raises(PdfFailed) as caught:
        compile_latex("\\documentclass{article}\\begin{document}\\nosuchmacro\\end{document}")
    assert "Undefined control sequence" in caught.value.found


def test_a_missing_pdflatex_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PdfFailed, match="pdflatex is not installed") as caught:
        pdf.render(page("coin"))
    assert "texlive-latex-base" in str(caught.value)


def test_a_failure_leaves_the_old_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    target = tmp_path / "page.pdf"
    target.write_bytes(b"old")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PdfFailed):
        pdf.save(page("coin"), target)
    assert target.read_bytes() == b"old"
    assert [f.name for f in tmp_path.iterdir()] == ["page.pdf"]


def test_the_complaint_of_a_log_is_its_first_error() -> None:
    log = "noise\n! Undefined control sequence.\nl.3 \\foo\n   bar\n! Emergency stop."
    assert complaint(log).startswith("! Undefined control sequence.\nl.3 \\foo")
