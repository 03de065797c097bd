r"""Document -> HTML: a fragment for Jupyter or any page that loads MathJax, with \( ... \) mathematics.

Contract. Well-formed, no script and no style sheet of its own; all words escaped. Each chain is a table of lines:
left side, formula, reason.

Blind spot. Without MathJax (or KaTeX set to \( \)) the formulas show as LaTeX.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from gradproof.document import Document, Paragraph, Section
from gradproof.render.formulas import LATEX
from gradproof.render.latex import continued
from gradproof.render.layout import Row, Ruler
from gradproof.render.measure import width
from gradproof.render.words import latex_voice

RULER = Ruler(LATEX, 60.0, 11.0, width)
DISPLAY = r"\displaystyle"
CELL = "border: none; text-align: left; padding: 0.25em 0.2em; white-space: nowrap"
LEFT = CELL.replace("left;", "right;")
REASON = "border: none; text-align: left; padding: 0.25em 0.2em 0.25em 2.5em; color: #555"


def _math(formula: str) -> str:
    return rf"\({escape(formula, quote=False)}\)"


def _prose(words: str) -> str:
    return escape(words.replace(">=", "≥").replace("<=", "≤"), quote=False)


VOICE = latex_voice(_prose, _math)


def render(document: Document) -> str:
    """The fragment."""
    return "\n".join(_lines(document)) + "\n"


def _lines(d: Document) -> Iterator[str]:
    number = f"{escape(d.number)}&ensp;" if d.number else ""
    yield '<div class="gradproof">'
    yield f"<h3>{number}{VOICE.say((d.title,))}</h3>"
    if d.source:
        yield f"<p><em>{VOICE.say((d.source,))}</em></p>"
    givens = [*(VOICE.say(g) for g in d.givens), *(_math(LATEX.formula(e)) for e in d.definitions)]
    if givens:
        yield f"<p><strong>Given.</strong> {'; '.join(givens)}</p>"
    for number, claim in d.numbered_claims:
        yield f"<p><strong>Claim{number and ' ' + number}.</strong> {_math(rf'{DISPLAY} {LATEX.formula(claim)}')}</p>"
    if d.note:
        yield f"<p>{VOICE.say((d.note,))}</p>"
    for section in d.sections:
        yield from _section(section)
    yield f"<p><small>{VOICE.say(d.status)}</small></p>"
    yield "</div>"


def _section(section: Section) -> Iterator[str]:
    title = f" ({VOICE.say(section.title, section.avoid)})" if section.title else ""
    yield f"<p><strong>{section.heading}</strong>{title}</p>"
    for part in section.parts:
        if isinstance(part, Paragraph):
            yield f"<p>{VOICE.say(part.words, section.avoid)}</p>"
        else:
            yield "<table>"
            yield from (_row(r, section.avoid) for r in RULER.part(part, section.avoid))
            yield "</table>"


def _row(row: Row, avoid: frozenset[str]) -> str:
    """A row without a left side or a relation sign spans both columns, so that a long one does not widen the first."""
    lead = {0: "", 1: f"{row.relation} ", 2: r"\qquad "}[row.depth]
    formula = continued(row.formula) if row.depth == 2 else row.formula
    body = _math(f"{DISPLAY} {lead}{formula}")
    left = _math(f"{DISPLAY} {row.left}") if row.left else ""
    first = f'<td style="{LEFT}">{left}</td><td style="{CELL}">' if row.depth else f'<td colspan="2" style="{CELL}">'
    return f'<tr>{first}{body}</td><td style="{REASON}">{VOICE.sentence(row.reasons, avoid)}</td></tr>'
