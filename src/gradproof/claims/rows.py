r"""A display taken apart into chains of relations.

Contract. Each chain is a piece of the file with everything that is not formula blanked (& and \\, labels, tags, \boxed,
comments beside a row), so positions in it are positions in the file; a chain that continues an earlier one has that
one's last side put before it. What stands beside a formula and might restrict it is kept, for the reader to refuse it.

Blind spot. A row without a relation continues the row before (nothing is refuted on that ground alone, where it begins
with a name); one that begins with a minus and has a relation does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from gradproof.claims.cleaning import bare, blanked, simplified
from gradproof.claims.pages import Formula
from gradproof.claims.words import cases, grounds, restriction

RELATION = (
    r":=|=|<|>|\\(?:leqslant|leq|le|lt|geqslant|geq|ge|gt|neq|ne|approx|equiv|propto|simeq|sim|coloneqq|triangleq|doteq"
    r"|iff|Leftrightarrow|Longleftrightarrow|cong)(?![A-Za-z])"
)
EQUIVALENCES = (r"\iff", r"\Leftrightarrow", r"\Longleftrightarrow")
_IMPLICATION = r"\\(?:implies|Rightarrow|Longrightarrow|therefore|leadsto)(?![A-Za-z])"
_GAP = r"(?:\s|\{\s*\}|\\q?quad(?![A-Za-z])|\\[,;:! ])*"
_STARTS_WITH_RELATION = re.compile(rf"{_GAP}(?:{RELATION})")
_STARTS_WITH_OPERATOR = re.compile(rf"{_GAP}(?:\+|\\cdot(?![A-Za-z])|\\times(?![A-Za-z])|/)")
_GOES_ON = re.compile(rf"{_GAP}(?:{RELATION}|[-+/(\[]|\\(?:cdot|times|pm|mp|left|[bB]igg?l?|\{{))")
_SPACE = re.compile(_GAP)
_ENDS_OPEN = re.compile(r"(?:[-+=]|\\cdot|\\times)\s*$")
_SCAN = re.compile(
    rf"(?P<row>\\\\\*?(?:\s*\[[^\]]*\])?)|(?P<begin>\\begin\s*\{{)|(?P<end>\\end\s*\{{)|(?P<left>\\left(?![a-z]))"
    rf"|(?P<right>\\right(?![a-z]))|(?P<gap>\\q?quad(?![A-Za-z]))|(?P<implies>{_IMPLICATION})|(?P<relation>{RELATION})|\\[A-Za-z]+|\\."
    r"|(?P<open>[{(\[])|(?P<close>[})\]])|(?P<cell>&)",
    re.DOTALL,
)
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
    """`text` stands at `start` in the file, less the `prefix` put before it. `signs` are its relations in `text`.

    `condition` says what may restrict it that is not understood, `cases` which formulas in the text before it may;
    `remarks` are what stands beside its rows and may, each with its place in the file.
    """

    text: str
    start: int
    prefix: int = 0
    signs: tuple[tuple[int, int], ...] = ()
    condition: str = ""
    cases: tuple[str, ...] = ()
    remarks: tuple[tuple[int, str], ...] = ()

    @property
    def holds_inner_relation(self) -> bool:
        """Whether a relation stands in brackets, as in P(x = 1)."""
        return any(m.kind == "relation" and m.inner for m in _marks(self.text))

    @property
    def sides(self) -> tuple[tuple[int, int], ...]:
        edges = [0, *(place for sign in self.signs for place in sign), len(self.text)]
        return tuple(zip(edges[::2], edges[1::2], strict=True))

    def at(self, position: int) -> int:
        """The place in the file of a position in the text."""
        return self.start + max(0, position - self.prefix)

    def side(self, n: int) -> str:
        start, end = self.sides[n]
        return bare(self.text[start:end])

    def sign(self, n: int) -> str:
        start, end = self.signs[n]
        return self.text[start:end]

    def pair(self, n: int) -> Chain:
        """The n-th relation alone."""
        first, last = self.sides[n][0], self.sides[n + 1][1]
        signs = ((self.signs[n][0] - first, self.signs[n][1] - first),)
        begin = self.at(first) if first >= self.prefix else self.start
        return replace(self, text=self.text[first:last], start=begin, prefix=max(0, self.prefix - first), signs=signs)

    def remark(self, n: int) -> str:
        """What stands beside the n-th relation and may restrict it."""
        start = self.at(self.signs[n][0])
        end = self.at(self.signs[n + 1][0]) if n + 1 < len(self.signs) else None
        return "; ".join(text for place, text in self.remarks if start < place and (end is None or place < end))


class _Display:
    """The text of one display while it is taken apart."""

    def __init__(self, formula: Formula) -> None:
        self.kind = formula.kind
        self.start = formula.start
        self.text = simplified(formula.text)
        self.remarks: list[tuple[int, str]] = []  # what may restrict a row, and where it stands in the display

    def drop_remark(self, start: int, end: int) -> None:
        """Blank what stands beside a row, but keep in mind what the row may rest on."""
        text = " ".join(self.text[start:end].split())
        if grounds(text):
            self.remarks.append((start, text))
        self.blank(start, end)

    def blank(self, start: int, end: int) -> None:
        self.text = blanked(self.text, start, end)


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
        elif kind in ("row", "cell", "gap", "implies", "relation") and braces == 0:
            yield _Mark(kind, *m.span(), brackets > 0)
            if kind == "row":
                brackets = 0


@dataclass(frozen=True)
class _Span:
    """A chain on its way: a part of the display, what is put before it, and what may restrict it."""

    start: int
    end: int
    prefix: str = ""
    condition: str = ""
    cases: tuple[str, ...] = ()


def chains(formula: Formula, before: Chain | None = None) -> list[Chain]:
    """The chains of a display, also those of one side only; `before` is the chain that stood before the display."""
    display = _Display(formula)
    general = restriction(formula.before)
    told = cases(formula.before)
    spans: list[_Span] = []
    for start, end, column, concluded in _equations(display):
        text = display.text[start:end]
        if not text.strip():
            continue
        if concluded:
            spans.append(_Span(start, end, condition="what it is concluded from"))
        elif column == 0 and spans and _continues(text, display, spans[-1]):
            doubt = _doubt(text, display, spans[-1])
            spans[-1] = replace(spans[-1], end=end, condition=spans[-1].condition or doubt)
        elif _STARTS_WITH_RELATION.match(text):
            earlier = _chain(display, spans[-1]) if spans else before
            prefix = f"{earlier.side(-1)} " if earlier is not None else ""
            inherited = (earlier.condition, earlier.cases) if earlier else ("", ())
            spans.append(_Span(start, end, prefix, general or inherited[0], told or inherited[1]))
        else:
            spans.append(_Span(start, end, condition=general, cases=told))
    return [_chain(display, s) for s in spans]


def _chain(display: _Display, span: _Span) -> Chain:
    body = display.text[span.start : span.end]
    lead = len(_SPACE.match(body)[0])  # type: ignore[index]
    text = span.prefix + body[lead:].rstrip()
    signs = tuple((m.start, m.end) for m in _marks(text) if m.kind == "relation" and not m.inner)
    remarks = tuple((display.start + at, told) for at, told in display.remarks if span.start <= at < span.end)
    start = display.start + span.start + lead
    return Chain(text, start, len(span.prefix), signs, span.condition, span.cases, remarks)


def _continues(text: str, display: _Display, last: _Span) -> bool:
    earlier = display.text[last.start : last.end]
    if display.kind in JOINED or _STARTS_WITH_RELATION.match(text) or _STARTS_WITH_OPERATOR.match(text):
        return True
    if display.kind != "gather" and not any(m.kind == "relation" and not m.inner for m in _marks(text)):
        return True
    return bool(_ENDS_OPEN.search(earlier)) or _is_open(earlier)


def _doubt(text: str, display: _Display, last: _Span) -> str:
    """A row that begins with a name may go on with the row before, or be the left side of the row below."""
    earlier = display.text[last.start : last.end]
    if display.kind in JOINED or _GOES_ON.match(text) or _ENDS_OPEN.search(earlier) or _is_open(earlier):
        return ""
    return "the reading that a row without a relation continues the row before"


def _is_open(text: str) -> bool:
    return len(re.findall(r"\\left(?![a-z])", text)) > len(re.findall(r"\\right(?![a-z])", text))


def _equations(display: _Display) -> Iterator[tuple[int, int, int, bool]]:
    """Start, end and column of every equation, and whether it stands behind an implication; remarks are blanked."""
    marks = list(_marks(display.text))
    rows = [m for m in marks if m.kind == "row"]
    edges = [0, *(place for m in rows for place in (m.start, m.end)), len(display.text)]
    for m in marks:
        if m.kind in ("row", "cell", "implies"):
            display.blank(m.start, m.end)
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        here = [m for m in marks if first <= m.start < last and not (m.inner and m.kind == "gap")]
        cells, gaps, implications = ([m.start for m in here if m.kind == kind] for kind in ("cell", "gap", "implies"))
        cuts = sorted({*cells[1::2], *gaps, *implications})
        for column, (start, end) in enumerate(_parts(display, [first, *cuts, last], frozenset(implications))):
            yield start, end, column, any(p <= start for p in implications)


def _parts(display: _Display, edges: list[int], implications: frozenset[int]) -> list[tuple[int, int]]:
    """A row cut where another equation begins: at every second &, at wide gaps, at implications."""
    found: list[tuple[int, int]] = []
    for start, end in pairwise(edges):
        piece = display.text[start:end]
        bare = re.sub(r"\\q?quad(?![A-Za-z])", lambda m: " " * len(m[0]), piece)
        remark = _TEXT.match(bare)
        if remark and _CONNECTS.fullmatch(remark[1]):
            display.blank(start, start + remark.end())
            found.append((start, end))
        elif remark and _is_remark(bare, remark, is_first=start == edges[0]):
            display.drop_remark(start, end)
            if found:
                found[-1] = (found[-1][0], end)
        elif found and start not in implications and not _begins_another(bare):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _is_remark(piece: str, remark: re.Match[str], is_first: bool) -> bool:
    """Whether a piece of a row is words and nothing else; a row may begin with a name such as \\mathrm{KL}."""
    alone = not piece[remark.end() :].strip(" ()[]\n.,;")
    return alone and not _RESTRICTS.match(remark[1]) and not (is_first and r"\mathrm" in remark[0])


def _begins_another(piece: str) -> bool:
    """Whether a piece of a row is an equation of its own."""
    if not piece.strip() or _STARTS_WITH_RELATION.match(piece) or _STARTS_WITH_OPERATOR.match(piece):
        return False
    if _TEXT.match(piece) or piece.lstrip().startswith(("(", "[", r"\forall")):
        return False
    return any(m.kind == "relation" and not m.inner for m in _marks(piece))
