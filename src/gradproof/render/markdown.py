r"""Document -> Markdown with $$ ... $$ mathematics, as GitHub, Jupyter and Pandoc read it.

Contract. One display a chain; reasons are \text at the end of their row, so nothing but mathematics stands between the
dollars.

Blind spot. Renderers differ in which LaTeX they know; only what both MathJax and KaTeX know is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gradproof.document import Document, Paragraph, Section
from gradproof.expression import Expr
from gradproof.render.formulas import LATEX
from gradproof.render.latex import aligned
from gradproof.render.layout import Row, Ruler
from gradproof.render.measure import width
from gradproof.render.words import latex_voice

TEXT_STARTS, TEXT_ENDS = "\x02", "\x03"  # until neighbouring words are joined
SPELLED = {",": r"\thinspace", ";": r"\enspace", "{": r"\lbrace", "}": r"\rbrace"}
RULER = Ruler(LATEX, 48.0, 11.0, width)


def render(document: Document) -> str:
    """The page."""
    return "\n".join(_lines(document)) + "\n"


def escape(words: str) -> str:
    """Plain words for Markdown."""
    return re.sub(r"([\\`*_<>#|])", r"\\\1", words.replace(">=", "≥").replace("<=", "≤"))


def _inside(words: str) -> str:
    escaped = re.sub(r"([%#_&])", r"\\\1", words.translate(str.maketrans("\\{}", "/()")))
    return f"{TEXT_STARTS}{escaped}{TEXT_ENDS}"


def spelled(formula: str) -> str:
    """Spaces and braces as words: GitHub takes a backslash before punctuation for an escape of Markdown."""
    return re.sub(r"\\([,;{}]) ?", lambda m: SPELLED[m[1]] + " ", formula)


VOICE = latex_voice(escape, lambda formula: f"${spelled(formula)}$")
INSIDE = latex_voice(_inside, lambda formula: formula)  # reasons, which stand inside a formula


def _lines(d: Document) -> Iterator[str]:
    number = f"{escape(d.number)}: " if d.number else ""
    yield f"## {number}{VOICE.say((d.title,))}\n"
    if d.source:
        yield f"*{VOICE.say((d.source,))}*\n"
    if d.givens or d.definitions:
        yield "**Given**\n"
        yield from (f"- {VOICE.say(g)}" for g in d.givens)
        yield from (f"- ${spelled(LATEX.formula(e))}$" for e in d.definitions)
        yield ""
    if d.claims:
        yield f"**Claim{'s' if len(d.claims) > 1 else ''}**\n"
        yield from (_claim(n, e) for n, e in d.numbered_claims)
    if d.note:
        yield f"{VOICE.say((d.note,))}\n"
    for section in d.sections:
        yield from _section(section)
    yield f"*{VOICE.say(d.status)}*"


def _section(section: Section) -> Iterator[str]:
    title = f" ({VOICE.say(section.title, section.avoid)})" if section.title else ""
    yield f"**{section.heading}**{title}\n"
    for part in section.parts:
        if isinstance(part, Paragraph):
            yield f"{VOICE.say(part.words, section.avoid)}\n"
        else:
            yield _display(RULER.part(part, section.avoid), section.avoid)


def _claim(number: str, e: Expr) -> str:
    first, *rest = RULER.broken(e, frozenset())
    lead = rf"\text{{{number}}} \quad " if number else ""
    return _display([Row(lead + first, 0), *(Row(r, 2) for r in rest)], frozenset())


def _display(rows: Sequence[Row], avoid: frozenset[str]) -> str:
    if len(rows) == 1 and not rows[0].reasons and not rows[0].relation:
        return f"$$\n{spelled(rows[0].formula)}\n$$\n"
    above = rows[0].depth == 0
    lines = [aligned(r, above) + _reason(r, avoid) for r in rows]
    body = " \\\\\n".join(map(spelled, lines))
    return f"$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$\n"


def _reason(row: Row, avoid: frozenset[str]) -> str:
    said = INSIDE.sentence(row.reasons, avoid).replace(TEXT_ENDS + TEXT_STARTS, "")
    words = said.replace(TEXT_STARTS, r"\text{").replace(TEXT_ENDS, "}")
    return f" && {words}" if words else ""
