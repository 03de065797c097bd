"""Document -> plain text for a terminal.

Contract. ASCII as far as the names and the words given are; no line is wider than `columns`, unless it cannot be
broken. The lines of all chains stand under each other at the relation sign, the reasons in a column at the right.

Blind spot. Two-dimensional fractions; a quotient is written with a slash.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from gradproof.document import Document, Paragraph, Section
from gradproof.render.formulas import TEXT
from gradproof.render.layout import Row, Ruler
from gradproof.render.words import PLAIN

INDENT = 2
LEAST_REASON = 36  # columns that a reason needs to stand beside its line


def render(document: Document, *, columns: int = 100) -> str:
    """The page."""
    return "\n".join(line.rstrip() for line in _Page(document, columns).lines()) + "\n"


class _Page:
    def __init__(self, document: Document, columns: int) -> None:
        self.document, self.columns = document, columns
        self.ruler = Ruler(TEXT, float(columns - 8), columns / 4, lambda s: float(len(s))).aligned(document)
        self.page = self.ruler.page(document)
        rows = [r for found in self.page.values() for r in found]
        self.left = max((len(r.left) for r in rows), default=0)
        self.sign = 1 + max((len(r.relation) for r in rows), default=1)
        widths = (len(self.set_in(r)) for r in rows if r.reasons)
        self.reasons = 2 + max((w for w in widths if w <= columns - LEAST_REASON - 2), default=columns // 2)

    def set_in(self, row: Row) -> str:
        """The row without its reason."""
        if row.depth == 1:
            return f"{'':{INDENT}}{row.left:{self.left}} {row.relation:{self.sign}}{row.formula}"
        return f"{'':{INDENT if row.depth == 0 else INDENT + self.left + self.sign + 5}}{row.formula}"

    def lines(self) -> Iterator[str]:
        d = self.document
        yield from self.wrapped(f"{d.number}  {PLAIN.say((d.title,))}".strip(), 0)
        yield from self.wrapped(f"({d.source})" if d.source else "", 5 if d.number else 0)
        yield ""
        givens = [PLAIN.say(g) for g in d.givens] + [TEXT.formula(e) for e in d.definitions]
        yield from self.labelled("Given", *self.filled(givens))
        claims = (f"{n} {TEXT.formula(e)}".strip() for n, e in d.numbered_claims)
        yield from self.labelled("Claims" if len(d.claims) > 1 else "Claim", *claims)
        yield from self.labelled("Note", PLAIN.say((d.note,)))
        yield ""
        for section in d.sections:
            yield from self.section(section)
        yield from self.wrapped(PLAIN.say(d.status), 0)

    def wrapped(self, said: str, indent: int) -> list[str]:
        lead = " " * indent
        return wrap(said, self.columns, initial_indent=lead, subsequent_indent=lead, break_on_hyphens=False)

    def filled(self, items: list[str]) -> list[str]:
        """As many whole items a line as it holds."""
        lines: list[str] = []
        for item in items:
            if lines and len(lines[-1]) + len(item) + 12 <= self.columns:
                lines[-1] += f";  {item}"
            else:
                lines[-1:] = [f"{lines[-1]};"] if lines else []
                lines.append(item)
        return lines

    def labelled(self, label: str, *said: str) -> Iterator[str]:
        lines = [line for s in said for line in self.wrapped(s, 8)]
        for n, line in enumerate(lines):
            yield line if n else f"{label:8}{line[8:]}"

    def section(self, section: Section) -> Iterator[str]:
        yield section.heading + (f" ({PLAIN.say(section.title, section.avoid)})" if section.title else "")
        for part in section.parts:
            if isinstance(part, Paragraph):
                yield from self.wrapped(PLAIN.say(part.words, section.avoid), INDENT)
                continue
            for row in self.page[id(part)]:
                yield from self.with_reason(self.set_in(row), PLAIN.sentence(row.reasons, section.avoid))

    def with_reason(self, line: str, reason: str) -> Iterator[str]:
        """The reason beside the line if there is room, else on the next."""
        said = wrap(reason, max(self.columns - self.reasons, LEAST_REASON), break_on_hyphens=False)
        if said and len(line) + 2 <= self.reasons:
            line, said = f"{line:{self.reasons}}{said[0]}", said[1:]
        yield line
        yield from (" " * self.reasons + s for s in said)
