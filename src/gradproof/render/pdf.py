"""Document -> PDF, by pdflatex in a directory of its own.

Contract. Needs pdflatex on the path and says so if it is missing. Nothing outside the temporary directory is touched;
`save` replaces the target only when the new page is complete.

Blind spot. Fonts and packages are those of the LaTeX that is installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from gradproof.document import Document
from gradproof.errors import BadInput
from gradproof.render import latex

SECONDS = 60


class PdfFailed(BadInput):
    """No PDF could be made; the document itself is unharmed, and its LaTeX can be had from `gradproof.render.latex`."""


def render(document: Document) -> bytes:
    """The page."""
    return compile_latex(latex.render(document))


def save(document: Document, path: str | os.PathLike[str]) -> None:
    """Write the page to `path`; what stood there is kept until the new page is complete."""
    target = Path(path)
    content = render(document)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        file.write(content)
    os.replace(file.name, target)


def compile_latex(source: str, *, passes: int = 1, seconds: int = SECONDS) -> bytes:
    """The PDF of a LaTeX document; one with contents and page references needs three passes. `seconds` for each."""
    pdflatex = program()
    with tempfile.TemporaryDirectory(prefix="gradproof-") as place:
        (Path(place) / "page.tex").write_text(source, encoding="utf-8")
        command = [pdflatex, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "page.tex"]
        for _ in range(passes):
            _run(command, place, seconds)
        return (Path(place) / "page.pdf").read_bytes()


def program() -> str:
    """Where pdflatex is. Raises PdfFailed where it is not."""
    found = shutil.which("pdflatex")
    if found is None:
        raise PdfFailed(
            "pdflatex is not installed",
            expected="the program pdflatex on the PATH",
            advice="install it (Debian: apt install texlive-latex-base), or ask for latex, html or markdown instead",
        )
    return found


def _run(command: list[str], place: str, seconds: int) -> None:
    try:
        done = subprocess.run(
            command, cwd=place, capture_output=True, timeout=seconds, stdin=subprocess.DEVNULL, check=False
        )
    except subprocess.TimeoutExpired:
        raise PdfFailed(f"pdflatex did not finish within {seconds} seconds") from None
    if done.returncode != 0 or not (Path(place) / "page.pdf").exists():
        raise PdfFailed(
            "pdflatex refused the page",
            found=complaint(done.stdout.decode("utf-8", errors="replace")),
            advice="ask for latex instead and look at the line it names",
        )


def complaint(log: str) -> str:
    """The first error of a pdflatex log with the line it names."""
    found = re.search(r"^! .*(?:\n.*){0,4}?\nl\.\d+.*|^! .*", log, re.MULTILINE)
    return found[0] if found else log.strip()[-400:]
