"""What is wrong with a formula, shown where it is wrong.

Contract. Every refusal names one place of one formula: the first line says what, then the formula with a caret below.
`ReadError`: the formula is ill-formed or ambiguous. `NotReadable`: it means something that gradproof cannot express.

Blind spot. A place inside an expanded macro is shown at the macro's call.
"""

from __future__ import annotations

from dataclasses import dataclass

from gradproof.errors import BadInput, GradproofError, NotDecided

WINDOW, LONGEST = 72, 160  # characters of the formula that a message shows, and of its first line


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, not including, `end` in the text of a formula."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        return Span(self.start, max(self.end, other.end))


@dataclass(frozen=True, slots=True)
class Source:
    """One formula as it was given; `label` says which of several it is."""

    text: str
    label: str = ""

    def where(self, at: Span) -> str:
        line = self.text.count("\n", 0, at.start)
        column = at.start - (self.text.rfind("\n", 0, at.start) + 1) + 1
        place = f"line {line + 1}, column {column}" if "\n" in self.text.strip() else f"column {column}"
        return f"{self.label}, {place}" if self.label else place

    def excerpt(self, at: Span) -> str:
        """The line with a caret under the place, cut to a readable width."""
        first = self.text.rfind("\n", 0, at.start) + 1
        last = self.text.find("\n", at.start)
        last = len(self.text) if last < 0 else last
        left = max(first, at.start - WINDOW // 2)
        right = min(last, left + WINDOW)
        shown = "".join(c if c.isprintable() else "?" for c in self.text[left:right])
        before, after = "..." if left > first else "", "..." if right < last else ""
        carets = "^" * max(1, min(at.end, right) - at.start)
        return f"    {before}{shown}{after}\n    {' ' * (len(before) + at.start - left)}{carets}"

    def piece(self, at: Span) -> str:
        """The text at a place, short enough for a sentence."""
        text = " ".join(self.text[at.start : at.end].split())
        return text if len(text) <= WINDOW else f"{text[: WINDOW - 3]}..."


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


class _Placed(GradproofError):
    """An error at a place of a formula."""

    def __init__(
        self, message: str, source: Source, at: Span, expected: str = "", found: str = "", advice: str = ""
    ) -> None:
        parts = {"expected": _short(expected), "found": _short(found), "advice": _short(advice)}
        super().__init__(_short(message), where=source.where(at), **parts)
        self.source, self.at = source, at

    def __str__(self) -> str:
        head, *rest = super().__str__().split("\n")
        return "\n".join([head, self.source.excerpt(self.at), *rest])


class ReadError(_Placed, BadInput):
    """The formula is ill-formed, ambiguous, or uses something that is not declared."""


class RangeUnknown(ReadError):
    """Nothing says how far an index runs; another formula of the same request may."""


class NotReadable(_Placed, NotDecided):
    """The formula may well be right; gradproof has no term for what it says."""
