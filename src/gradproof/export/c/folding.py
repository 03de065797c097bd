"""Long lines of C, broken at blanks.

Contract. What a compiler reads stays the same. A line that continues another is indented deeper; the commas between
arguments are preferred to other blanks.

Blind spot. Lines of the preprocessor stay as they are, and so does what has no blank.
"""

from __future__ import annotations

WIDTH = 120


def folded(text: str) -> str:
    """The text in lines of at most WIDTH characters."""
    return "\n".join(part for line in text.split("\n") for part in _parts(line))


def _parts(line: str) -> list[str]:
    found: list[str] = []
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    while len(line) > WIDTH and not line.startswith("#"):
        cut = _cut(line, len(indent))
        if cut < 0:
            break
        found.append(line[:cut].rstrip())
        line = indent + line[cut:].lstrip()
    return [*found, line]


def _cut(line: str, start: int) -> int:
    """Where a line is broken: behind the last comma in its second half, or else at its last blank, or else later."""
    comma = line.rfind(", ", WIDTH // 2, WIDTH)
    blank = line.rfind(" ", start + 1, WIDTH + 1)
    return comma + 1 if comma > 0 else blank if blank > 0 else line.find(" ", WIDTH)
