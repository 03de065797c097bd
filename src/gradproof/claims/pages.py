r"""A .tex or .md text taken apart: displays, formulas in the text, pragmas, macros.

Contract. Positions are those of the text: what is not formula (comments, code) is blanked, never removed. A display
that is not closed is listed as such. Nothing is executed or included.

Blind spot. \input and \include are not followed. A `$` that is a price may open a formula, which then is not read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from gradproof.errors import BadInput

LARGEST = 4_000_000  # characters
LONGEST_INLINE, LONGEST_MACRO, MOST_MACROS = 600, 5000, 500
BEFORE = 160  # characters of text before a formula that say what it is

_NAMES = "equation|align|gather|multline|displaymath|eqnarray|flalign|alignat|dmath|math"
_COMMENT = re.compile(r"\\.|(%[^\n]*)", re.DOTALL)
_VERBATIM = re.compile(r"\\begin\{(verbatim\*?|lstlisting|minted|comment)\}.*?\\end\{\1\}", re.DOTALL)
_CODE = re.compile(r"^(```+|~~~+).*?^\1[^\n]*$|`[^`\n]+`|<!--.*?-->|\{%.*?%\}", re.DOTALL | re.MULTILINE)
_PRAGMA = re.compile(r"(?:%+|<!--)\s*gradproof:\s*(.*?)\s*(?:-->)?\s*$", re.DOTALL)
_MACRO = re.compile(r"\\(?:(?:new|renew|provide)command|DeclareMathOperator)\*?(?![A-Za-z])")
_SCRIPT = r'<script[^>]*type="math/tex[^"]*"[^>]*>(?:\s*%\s*<!\[CDATA\[)?'
_OPEN = re.compile(
    rf"\\begin\{{(?P<name>(?:{_NAMES})\*?)\}}(?:\{{\d+\}})?|(?P<script>{_SCRIPT})|(?P<sign>\\\\\[|\\\\\(|\\\[|\\\()|\\."
    r"|(?P<dollar>\$\$?)",
    re.DOTALL,
)
_BEHIND = re.compile(r"[ \t.,;:]*(?:\{[^{}\n]*\}|\(\d[^()\n]*\))?[ \t.,;:]*")  # a kramdown display
_CLOSING = {"\\[": "\\]", "\\(": "\\)", "\\\\[": "\\\\]", "\\\\(": "\\\\)", "$$": "$$", "$": "$"}


@dataclass(frozen=True)
class Formula:
    """A formula: its text, where it begins, the environment it stands in, and the text before it."""

    text: str
    start: int
    kind: str = ""  # the environment; "" for signs, "inline" in the text
    before: str = ""


@dataclass(frozen=True)
class Pragma:
    words: str
    start: int


@dataclass(frozen=True)
class Page:
    text: str
    displays: tuple[Formula, ...] = ()
    inlines: tuple[Formula, ...] = ()
    pragmas: tuple[Pragma, ...] = ()
    macros: tuple[Formula, ...] = ()
    open_ended: tuple[Formula, ...] = ()
    breaks: tuple[int, ...] = field(default=(), repr=False)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1."""
        line = bisect_right(self.breaks, offset)
        return line, offset - self.breaks[line - 1] + 1


def take_apart(text: str, markdown: bool) -> Page:
    """Find the formulas of a text."""
    if len(text) > LARGEST:
        raise BadInput(f"the file has more than {LARGEST:,} characters", found=f"{len(text):,}")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    clean, pragmas = _without_comments(text, markdown)
    macros = tuple(_macros(clean))
    clean = _without(clean, macros)
    displays: list[Formula] = []
    inlines: list[Formula] = []
    unclosed: list[Formula] = []
    for f, closed in _formulas(clean, markdown):
        (unclosed if not closed else inlines if f.kind == "inline" else displays).append(f)
    breaks = (0, *(m.end() for m in re.finditer("\n", text)))
    return Page(text, tuple(displays), tuple(inlines), tuple(pragmas), macros, tuple(unclosed), breaks)


def _blanked(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _without(text: str, pieces: tuple[Formula, ...]) -> str:
    kept, place = [], 0
    for p in pieces:
        end = p.start + len(p.text)
        kept += [text[place : p.start], _blanked(text[p.start : end])]
        place = end
    return "".join([*kept, text[place:]])


def _without_comments(text: str, markdown: bool) -> tuple[str, list[Pragma]]:
    """The text with comments and code blanked, and the pragmas that stood in the comments."""
    pragmas: list[Pragma] = []

    def blanked(match: re.Match[str]) -> str:
        found = match[0]
        if match.re is _COMMENT and match[1] is None:
            return found
        if pragma := _PRAGMA.match(found):
            pragmas.append(Pragma(" ".join(pragma[1].split()), match.start()))
        return _blanked(found)

    for pattern in (_CODE,) if markdown else (_VERBATIM, _COMMENT):
        text = pattern.sub(blanked, text)
    return text, sorted(pragmas, key=lambda p: p.start)


def _macros(text: str) -> Iterator[Formula]:
    place = 0
    for _ in range(MOST_MACROS):
        match = _MACRO.search(text, place)
        if match is None:
            return
        place = _definition_end(text, match.end())
        yield Formula(text[match.start() : place], match.start(), "macro")


def _definition_end(text: str, place: int) -> int:
    r"""Behind {\name}[2][default]{body}, or \name{body}."""
    head = re.compile(r"\s*(?:\{\s*\\[A-Za-z]+\s*\}|\\[A-Za-z]+)\s*(?:\[[^\]]*\]\s*){0,2}").match(text, place)
    if head is None:
        return place
    depth = 0
    for n in range(head.end(), min(len(text), head.end() + LONGEST_MACRO)):
        if text[n - 1] != "\\":
            depth += (text[n] == "{") - (text[n] == "}")
        if depth <= 0:
            return n + 1
    return head.end()


def _formulas(text: str, markdown: bool) -> Iterator[tuple[Formula, bool]]:
    """The formulas in order, each with whether it is closed."""
    place = 0
    absent: set[str] = set()  # closing signs that do not occur any more
    while match := _OPEN.search(text, place):
        place = match.end()
        opening = match["dollar"] or match["sign"] or ""
        if match["name"]:
            closing, kind = rf"\end{{{match['name']}}}", match["name"].rstrip("*")
        elif match["script"]:
            closing, kind = "</script>", "" if "display" in match["script"] else "inline"
        elif not opening or (len(opening) == 3 and not markdown):
            continue
        else:
            closing, kind = _CLOSING[opening], "inline" if opening.endswith("(") or opening == "$" else ""
        end = -1 if closing in absent else _end(text, place, closing)
        if end < 0:
            absent.add(closing)
        if end < 0 or (kind == "inline" and not _is_inline(text[place:end], opening)):
            if opening != "$":
                yield Formula(text[match.start() : place], match.start(), kind), False
            continue
        if opening == "$$" and markdown and not _alone(text, match.start(), place, end + 2):
            kind = "inline"
        before = " ".join(text[max(0, match.start() - BEFORE) : match.start()].split())
        yield Formula(text[place:end], place, kind, before), True
        place = end + len(closing)


def _end(text: str, place: int, closing: str) -> int:
    """Where the closing sign stands, or -1."""
    found = text.find(closing, place)
    while found > 0 and closing.startswith("$") and _is_escaped(text, found):
        found = text.find(closing, found + 1)
    return found


def _is_escaped(text: str, place: int) -> bool:
    before = text[max(0, place - 20) : place]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _is_inline(body: str, opening: str) -> bool:
    bare = opening == "$" and (not body.strip() or body[0].isspace() or body[-1].isspace())
    return not bare and len(body) <= LONGEST_INLINE and "\n\n" not in body


def _alone(text: str, start: int, body: int, end: int) -> bool:
    """Whether nothing but punctuation, a label or a number shares the lines of a kramdown $$...$$."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    after = text[end : len(text) if last < 0 else last]
    begins_alone = not text[first:start].strip(" \t>*-")
    return begins_alone and (text[body : body + 1] == "\n" or _BEHIND.fullmatch(after) is not None)
