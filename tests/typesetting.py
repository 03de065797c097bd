"""pdflatex in the tests: whether it is there, running it, reading what it complains of."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

needs_pdflatex = pytest.mark.skipif(
    shutil.which("pdflatex") is None, reason="NO PAGE WAS COMPILED: pdflatex is missing (Debian: texlive-latex-base)"
)

PAGE = re.compile(r"^== (.*) ==$")
COMPLAINT = re.compile(r"^(! .*|Overfull .*|LaTeX Warning: .*|Missing character: .*)$")


def compiled(source: str, folder: Path) -> tuple[int, str]:
    """The exit code and the log of pdflatex."""
    (folder / "pages.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "pages.tex"]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False)
    return done.returncode, (folder / "pages.log").read_text(encoding="utf-8", errors="replace")


def complaints(log: str) -> Iterator[str]:
    """What pdflatex complained of, and the page where it did; a page ends where the next is announced."""
    page = "preamble"
    for line in log.splitlines():
        if announced := PAGE.match(line):
            page = announced[1]
        elif COMPLAINT.match(line):
            yield f"{page}: {line}"
