r"""A display taken apart into chains of relations.

Contract. Each chain is a piece of the file with everything that is not formula blanked (& and \\, labels, tags, \boxed,
comments beside a row), so positions in it are positions in the file; a chain that continues an earlier one has that
one's last side put before it. What stands beside a formula and might restrict it is kept, for the reader to refuse it.

Blind spot. A row without a relation continues the row before; one that begins with a minus and has a relation does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from gradproof.claims.pages import Formula

RELATION = (
    r":=|=|<|>|\\(?:leqslant|leq|le|lt|geqslant|geq|ge|gt|neq|ne|approx|equiv|propto|simeq|sim|coloneqq|triangleq|doteq"
    r"|iff|implies|Rightarrow|Longrightarrow|Leftrightarrow|cong|overset\{[^{}]*\}\{=\}|stackrel\{[^{}]*\}\{=\})"
    r"(?![A-Za-z])|\\(?:overset|stackrel)\{[^{}]*\}\{=\}"
)
_STARTS_WITH_RELATION = re.compile(rf"(?:\s|\{{\s*\}})*(?:{RELATION})")
_STARTS_WITH_OPERATOR = re.compile(
    r"(?:\s|\{\s*\}|\\q?quad(?![A-Za-z])|\\[,;:! ])*(?:\+|\\cdot(?![A-Za-z])|\\times(?![A-Za-z])|/)"
)
_SPACE = re.compile(r"(?:\s|\\q?quad(?![A-Za-z])|\\[,;:! ])*")
_ENDS_OPEN = re.compile(r"(?:[-+=]|\\cdot|\\times)\s*$")
_SCAN = re.compile(
    rf"(?P<row>\\\\\*?(?:\s*\[[^\]]*\])?)|(?P<begin>\\begin\s*\{{)|(?P<end>\\end\s*\{{)|(?P<left>\\left(?![a-z]))"
    rf"|(?P<right>\\right(?![a-z]))|(?P<gap>\\q?quad(?![A-Za-z]))|(?P<relation>{RELATION})|\\[A-Za-z]+|\\."
    r"|(?P<open>[{(\[])|(?P<close>[})\]])|(?P<cell>&)",
    re.DOTALL,
)
_WRAPPER = re.compile(
    r"\\(?:begin|end)\s*\{(?:split|aligned|alignedat|gathered|align|alignat|gather|equation|multlined|multline|flalign"
    r"|eqnarray)\*?\}(?:\[[tbc]\])?(?:\{\d+\})?"
)
_DROPPED = re.compile(
    r"\\(?:label|tag\*?|hspace\*?|vspace\*?|color)\s*\{[^{}]*\}|\\textcolor\s*\{[^{}]*\}"
    r"|\\(?:nonumber|notag|qedhere|allowdisplaybreaks|numberthis|hfill|hfil|underbrace|overbrace)(?![A-Za-z])"
    r"|%\s*\]\]>"
)
_BRACE_LABEL = re.compile(r"\\(?:under|over)brace")
_BOXED = re.compile(r"\\boxed\s*\{")
_INTERTEXT = re.compile(r"\\(?:short)?intertext\s*\{")
_TEXT = re.compile(r"\s*[(\[]?\s*\\(?:text|mbox|textrm|textit|mathrm|quad|qquad)\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
_RESTRICTS = re.compile(
    r"\W*(?:for|if|when|whenever|unless|provided|iff|only|almost|as|where|with|given|under)\b", re.I
)
_CONNECTS = re.compile(
    r"\W*(?:where|with|and|since|so|hence|thus|therefore|because|then|here|or|i\.e\.|that is)\W*$", re.I
)
JOINED = ("multline", "dmath")


@dataclass(frozen=True)
class Chain:
    """`text` stands at `start` in the file, less the `prefix` put before it. `signs` are its relations in `text`."""

    text: str
    start: int
    prefix: int = 0
    signs: tuple[tuple[int, int], ...] = ()

    @property
    def sides(self) -> tuple[tuple[int, int], ...]:
        edges = [0, *(place for sign in self.signs for place in sign), len(self.text)]
        return tuple(zip(edges[::2], edges[1::2], strict=True))

    def at(self, position: int) -> int:
        """The place in the file of a position in the text."""
        return self.start + max(0, position - self.prefix)

    def side(self, n: int) -> str:
        start, end = self.sides[n]
        return self.text[start:end].strip().rstrip(".,;").strip()

    def sign(self, n: int) -> str:
        start, end = self.signs[n]
        return self.text[start:end]

    def pair(self, n: int) -> Chain:
        """The n-th relation alone."""
        first, last = self.sides[n][0], self.sides[n + 1][1]
        signs = ((self.signs[n][0] - first, self.signs[n][1] - first),)
        begin = self.at(first) if first >= self.prefix else self.start
        return Chain(self.text[first:last], begin, max(0, self.prefix - first), signs)


class _Display:
    """The text of one display while it is taken apart."""

    def __init__(self, formula: Formula) -> None:
        self.kind = formula.kind
        self.start = formula.start
        self.text = _simplified(formula.text)

    def blank(self, start: int, end: int) -> None:
        self.text = self.text[:start] + re.sub(r"[^\n]", " ", self.text[start:end]) + self.text[end:]


def _simplified(text: str) -> str:
    """Labels, tags, wrapping environments and \\boxed blanked."""
    out = text

    def blank(start: int, end: int) -> None:
        nonlocal out
        out = out[:start] + re.sub(r"[^\n]", " ", out[start:end]) + out[end:]

    for m in _BRACE_LABEL.finditer(text):
        body = _closing(text, text.find("{", m.end()))
        label = re.compile(r"\s*[_^]\s*\{").match(text, body + 1)
        if body > 0 and label:
            blank(body + 1, _closing(text, label.end() - 1) + 1)
    for pattern in (_WRAPPER, _DROPPED):
        for m in pattern.finditer(text):
            blank(*m.span())
    for m in _BOXED.finditer(text):
        end = _closing(text, m.end() - 1)
        if end > 0:
            blank(*m.span())
            blank(end, end + 1)
    for m in _INTERTEXT.finditer(text):
        end = _closing(text, m.end() - 1)
        if end > 0 and end + 1 - m.start() > 2:
            blank(m.start(), end + 1)
            out = out[: m.start()] + r"\\" + out[m.start() + 2 :]
    return out


def _closing(text: str, opening: int) -> int:
    """The brace that closes the one at `opening`, or -1."""
    if opening < 0:
        return -1
    depth, place = 0, opening
    while place < len(text):
        c = text[place]
        if c == "\\":
            place += 2
            continue
        depth += (c == "{") - (c == "}")
        if depth == 0:
            return place
        place += 1
    return -1


@dataclass(frozen=True)
class _Mark:
    """A token outside all braces and inner environments; `inner` if it stands in brackets."""

    kind: str
    start: int
    end: int
    inner: bool


def _marks(text: str, start: int = 0, end: int | None = None) -> Iterator[_Mark]:
    braces = brackets = 0
    for m in _SCAN.finditer(text, start, len(text) if end is None else end):
        kind, found = m.lastgroup or "", m[0]
        if kind in ("begin", "end"):
            braces += 1 if kind == "begin" else -1
            braces += 1  # the brace of its name, which is part of the match
        elif found in "{}":
            braces = max(0, braces + (1 if found == "{" else -1))
        elif kind in ("open", "left", "close", "right"):
            brackets = max(0, brackets + (1 if kind in ("open", "left") else -1))
        elif kind in ("row", "cell", "gap", "relation") and braces == 0:
            yield _Mark(kind, *m.span(), brackets > 0)
            if kind == "row":
                brackets = 0


def chains(formula: Formula, before: Chain | None = None) -> list[Chain]:
    """The chains of a display, also those of one side only; `before` is the chain that stood before the display."""
    display = _Display(formula)
    found: list[Chain] = []
    joined: list[tuple[int, int, str]] = []  # start, end, prefix
    last_end = -1
    for start, end, column in _equations(display):
        text = display.text[start:end]
        if not text.strip():
            continue
        if column == 0 and joined and _continues(text, display, joined[-1]):
            joined[-1] = (joined[-1][0], end, joined[-1][2])
        elif _STARTS_WITH_RELATION.match(text):
            earlier = _chain(display, *joined[-1]) if joined else before
            prefix = f"{earlier.side(-1)} " if earlier is not None else ""
            joined.append((start, end, prefix))
        else:
            joined.append((start, end, ""))
        last_end = end
    found = [_chain(display, *j) for j in joined]
    return found if last_end >= 0 else []


def _chain(display: _Display, start: int, end: int, prefix: str) -> Chain:
    body = display.text[start:end]
    lead = len(_SPACE.match(body)[0])  # type: ignore[index]
    text = prefix + body[lead:].rstrip()
    signs = tuple((m.start, m.end) for m in _marks(text) if m.kind == "relation" and not m.inner)
    return Chain(text, display.start + start + lead, len(prefix), signs)


def _continues(text: str, display: _Display, last: tuple[int, int, str]) -> bool:
    earlier = display.text[last[0] : last[1]]
    if display.kind in JOINED or _STARTS_WITH_RELATION.match(text) or _STARTS_WITH_OPERATOR.match(text):
        return True
    if display.kind != "gather" and not any(m.kind == "relation" and not m.inner for m in _marks(text)):
        return True
    return bool(_ENDS_OPEN.search(earlier)) or _is_open(earlier)


def _is_open(text: str) -> bool:
    return len(re.findall(r"\\left(?![a-z])", text)) > len(re.findall(r"\\right(?![a-z])", text))


def _equations(display: _Display) -> Iterator[tuple[int, int, int]]:
    """Start, end and column of every equation, separators and remarks blanked."""
    marks = list(_marks(display.text))
    rows = [m for m in marks if m.kind == "row"]
    edges = [0, *(place for m in rows for place in (m.start, m.end)), len(display.text)]
    for m in marks:
        if m.kind in ("row", "cell"):
            display.blank(m.start, m.end)
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        cells = [m.start for m in marks if m.kind == "cell" and first <= m.start < last]
        gaps = [m.start for m in marks if m.kind == "gap" and not m.inner and first <= m.start < last]
        for column, (start, end) in enumerate(_parts(display, first, last, cells, gaps)):
            yield start, end, column


def _parts(display: _Display, first: int, last: int, cells: list[int], gaps: list[int]) -> list[tuple[int, int]]:
    """A row cut where another equation begins: at every second & and at wide gaps."""
    cuts = sorted({*cells[1::2], *gaps})
    found: list[tuple[int, int]] = []
    edges = [first, *cuts, last]
    for start, end in pairwise(edges):
        piece = display.text[start:end]
        bare = re.sub(r"\\q?quad(?![A-Za-z])", lambda m: " " * len(m[0]), piece)
        remark = _TEXT.match(bare)
        if remark and _CONNECTS.fullmatch(remark[1]):
            display.blank(start, start + remark.end())
            found.append((start, end))
        elif remark and not _RESTRICTS.match(remark[1]) and not bare[remark.end() :].strip(" ()[]\n.,;"):
            display.blank(start, end)
        elif found and not _begins_another(bare):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _begins_another(piece: str) -> bool:
    """Whether a piece of a row is an equation of its own."""
    if not piece.strip() or _STARTS_WITH_RELATION.match(piece) or _STARTS_WITH_OPERATOR.match(piece):
        return False
    if _TEXT.match(piece) or piece.lstrip().startswith(("(", "[", r"\forall")):
        return False
    return any(m.kind == "relation" and not m.inner for m in _marks(piece))
