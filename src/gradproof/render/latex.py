r"""Document -> LaTeX: a page that compiles on its own, or a fragment for a paper.

Contract. Needs amsmath and amssymb (the page also geometry, which is part of every LaTeX). Reasons stand in a column at
the right; beside a formula that needs the room, below it. Lines are broken so that no box is overfull.

Blind spot. Widths are estimated (see `measure`); a fraction wider than the page is set smaller, not broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gradproof.document import Chain, Display, Document, Line, Paragraph, Part, Section, Words
from gradproof.expression import Expr
from gradproof.render.breaking import rows
from gradproof.render.formulas import LATEX
from gradproof.render.measure import width
from gradproof.render.words import latex_voice

LINE = 40.0  # em that a line holds at 11pt with the margins below, less the indent of displays
REASON = 0.36  # of the line width, for the reasons
LEFT_SIDE = 11.0  # em; a longer left side gets a row of its own
SIZES = ((1.0, ""), (0.9, r"\small"), (0.8, r"\footnotesize"), (0.7, r"\scriptsize"), (0.5, r"\tiny"))

PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[left=27mm,right=27mm,top=25mm,bottom=25mm]{geometry}
\usepackage[fleqn]{amsmath}
\usepackage{amssymb}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt plus 2pt}
\setlength{\mathindent}{1.5em}
\setlength{\emergencystretch}{3em}
\allowdisplaybreaks
\pagestyle{plain}
\begin{document}
"""

ESCAPES = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}", "$": r"\$",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$", "|": "$|$", "“": "``", "”": "''",
    "’": "'", "–": "--", "—": "---", "≥": r"$\ge$", "≤": r"$\le$", "≠": r"$\ne$", "→": r"$\to$", "∑": r"$\sum$",
    "θ": r"$\theta$", "τ": r"$\tau$", "σ": r"$\sigma$", "β": r"$\beta$", "λ": r"$\lambda$", "μ": r"$\mu$",
    "∂": r"$\partial$", "∞": r"$\infty$", "∇": r"$\nabla$", "ε": r"$\epsilon$", "−": r"$-$", "·": r"$\cdot$",
    "×": r"$\times$", "…": r"\dots{}", "²": r"$^2$",
}  # fmt: skip


def render(document: Document, *, fragment: bool = False) -> str:
    """The page; with `fragment` only what stands between \\begin{document} and \\end{document}."""
    body = "\n".join(_page(document))
    return f"{body}\n" if fragment else f"{PREAMBLE}\n{body}\n\\end{{document}}\n"


def escape(words: str) -> str:
    """Plain words for LaTeX."""
    words = re.sub(r'"([^"]*)"', r"``\1''", words)
    words = words.replace(">=", "≥").replace("<=", "≤").replace("!=", "≠")
    return "".join(ESCAPES.get(c, c) for c in words)


VOICE = latex_voice(escape, lambda formula: f"${formula}$")


def prose(words: str) -> str:
    """Words with mathematics between dollar signs."""
    return VOICE.say((words,))


def _page(document: Document) -> Iterable[str]:
    number = rf"{escape(document.number)}\quad " if document.number else ""
    yield rf"{{\Large\bfseries {number}{prose(document.title)}\par}}"
    if document.source:
        yield rf"{{\small\itshape {prose(document.source)}\par}}"
    yield r"\medskip\hrule\medskip"
    yield from _given(document)
    if document.claims:
        yield r"\textbf{Claim.}"
        yield _stacked(document.claims, document.avoid)
    if document.note:
        yield rf"{prose(document.note)}\par"
    for section in document.sections:
        yield from _section(section)
    yield rf"\medskip\hrule\smallskip{{\small {prose(_status(document.status))}\par}}"


def _status(status: str) -> str:
    """Powers of ten as a page writes them."""
    return re.sub(r"(\d(?:\.\d+)?)e([-+])0*(\d+)", lambda m: rf"${m[1]} \times 10^{{{m[2].strip('+')}{m[3]}}}$", status)


def _given(document: Document) -> Iterable[str]:
    if document.givens:
        said = ";\\enspace ".join(VOICE.say(g, document.avoid) for g in document.givens)
        yield rf"\textbf{{Given.}}\enspace {said}{',' if document.definitions else '.'}\par"
    if document.definitions:
        yield _stacked(document.definitions, frozenset())


def _stacked(formulas: Sequence[Expr], avoid: frozenset[str]) -> str:
    """Short formulas side by side, long ones broken."""
    lines: list[str] = []
    room = 0.0
    for e in formulas:
        broken = rows(LATEX, e, avoid, LINE, width)
        size = width(broken[0])
        if len(broken) == 1 and lines and room + 2 + size <= LINE:
            lines[-1] += rf", \qquad {broken[0]}"
            room += 2 + size
        else:
            lines[-1:] = [f"{lines[-1]},"] if lines else []
            lines += [broken[0], *(rf"\qquad {_continued(r)}" for r in broken[1:])]
            room = size if len(broken) == 1 else LINE
    return _environment("gather*", [f"{line}" for line in lines])


def _environment(name: str, lines: Sequence[str]) -> str:
    size = _size(max(width(re.sub(r"\\tag\*.*", "", line)) for line in lines))
    body = " \\\\\n".join(f"  {line}" for line in lines)
    display = f"\\begin{{{name}}}\n{body}\n\\end{{{name}}}"
    return f"{{{size}\n{display}}}" if size else display


def _size(widest: float) -> str:
    return next((name for part, name in SIZES if widest * part <= LINE + 1.0), SIZES[-1][1])


def _section(section: Section) -> Iterable[str]:
    title = f" ({prose(section.title)})" if section.title else ""
    style = r"\textbf" if section.heading == "Lemma" else r"\textit"
    yield rf"\medskip{style}{{{section.heading}}}{title}\textbf{{.}}\nopagebreak"
    for part in section.parts:
        yield _part(part, section.avoid)
    if section.heading == "Proof":
        yield r"\hfill$\square$\par"


def _part(part: Part, avoid: frozenset[str]) -> str:
    if isinstance(part, Paragraph):
        return rf"{VOICE.say(part.words, avoid)}\par\nopagebreak"
    if isinstance(part, Display):
        broken = rows(LATEX, part.formula, avoid, LINE, width)
        lines = [broken[0], *(rf"\qquad {_continued(r)}" for r in broken[1:])]
        lines[-1] += _reason(part.reasons, avoid)
        return _environment("gather*", lines)
    return _chain(part, avoid)


def _chain(chain: Chain, avoid: frozenset[str]) -> str:
    start = rows(LATEX, chain.start, avoid, LINE - 2, width)
    beside = len(start) == 1 and width(start[0]) <= LEFT_SIDE
    lines = [] if beside else [f"& {start[0]}", *(rf"& \qquad {_continued(r)}" for r in start[1:])]
    room = LINE - (width(start[0]) if beside else 2.0) - 1.5
    for n, line in enumerate(chain.lines):
        lead = f"{start[0]} " if beside and n == 0 else ""
        indent = "" if beside else r"\quad "
        lines += _line(line, f"{lead}& {indent}", room, avoid)
    return _environment("align*", lines)


def _line(line: Line, lead: str, room: float, avoid: frozenset[str]) -> list[str]:
    first, *rest = rows(LATEX, line.formula, avoid, room, width)
    found = [f"{lead}{LATEX.relation_sign(line.relation)} {first}"]
    found += [rf"& {'' if lead.endswith('& ') else chr(92) + 'quad '}\qquad {_continued(r)}" for r in rest]
    found[-1] += _reason(line.reasons, avoid)
    return found


def _continued(row: str) -> str:
    """A row that starts with a sign, spaced as if something stood before it."""
    return f"{{}} {row}" if row[0] in "+-" else row


def _reason(reasons: Sequence[Words], avoid: frozenset[str]) -> str:
    if not reasons:
        return ""
    said = VOICE.sentence(reasons, avoid)
    return rf" \tag*{{\parbox{{{REASON}\linewidth}}{{\raggedright\small {said}}}}}"
