r"""Document -> LaTeX: a page that compiles on its own, or a fragment for a paper.

Contract. Needs amsmath and amssymb (the page also geometry, which is part of every LaTeX). Reasons stand in a column
at the right; beside a formula that needs the room, below it. Lines are broken so that no box is overfull.

Blind spot. Widths are estimated (see `measure`); a fraction wider than the page is set smaller, not broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gradproof.document import Document, Paragraph, Section, Words
from gradproof.expression import Expr
from gradproof.render.formulas import LATEX
from gradproof.render.layout import Row, Ruler
from gradproof.render.measure import width
from gradproof.render.words import latex_voice

LINE = 39.0  # em that a display holds at 11pt with the margins below
LEFT = 11.0  # em; a longer left side stands above its lines
REASONS = (0.36, 0.58)  # of the line, the least and the most for the reasons
INLINE = 0.45  # of the line, the widest formula in a paragraph
SIZES = ((1.0, ""), (0.92, r"\small"), (0.85, r"\footnotesize"), (0.78, r"\scriptsize"), (0.0, r"\tiny"))

QUAD = r"\quad "
# The end of a proof: in the reason of its last line, or behind its last words.
QED = r"\nobreak\hspace*{\fill}$\square$"
QED_IN_WORDS = r"{\unskip\nobreak\hfill\penalty50\hskip1em\null\nobreak\hfill$\square$\parfillskip=0pt\par}"

# What every page is set with, alone or in a book.
SETUP = r"""\usepackage[left=27mm,right=27mm,top=25mm,bottom=25mm]{geometry}
\usepackage[fleqn]{amsmath}
\usepackage{amssymb}
\setlength{\parindent}{0pt}
\setlength{\mathindent}{1.5em}
\setlength{\emergencystretch}{3em}
\allowdisplaybreaks
\postdisplaypenalty=10000 % no box or status line alone at the top of a page
\AtBeginDocument{\setlength{\abovedisplayskip}{5pt plus 2pt minus 2pt}%
\setlength{\belowdisplayskip}{7pt plus 2pt minus 3pt}\setlength{\abovedisplayshortskip}{3pt plus 2pt}}
"""
PREAMBLE = f"\\documentclass[11pt,a4paper]{{article}}\n{SETUP}\\begin{{document}}\n"

ESCAPES = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}", "$": r"\$",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$", "|": "$|$", "“": "``", "”": "''",
    "’": "'", "–": "--", "—": "---", "≥": r"$\ge$", "≤": r"$\le$", "≠": r"$\ne$", "→": r"$\to$", "∑": r"$\sum$",
    "θ": r"$\theta$", "τ": r"$\tau$", "σ": r"$\sigma$", "β": r"$\beta$", "λ": r"$\lambda$", "μ": r"$\mu$",
    "∂": r"$\partial$", "∞": r"$\infty$", "∇": r"$\nabla$", "ε": r"$\epsilon$", "−": r"$-$", "·": r"$\cdot$",
    "×": r"$\times$", "…": r"\dots{}", "²": r"$^2$", "\u2009": r"\,", "\u00a0": "~",
}  # fmt: skip


def render(document: Document, *, fragment: bool = False, line: float = LINE, heading: bool = True) -> str:
    r"""The page; with `fragment` only what stands between \begin{document} and \end{document}.

    `line` is the width that a display may take, in em: 33 suits a plain article, where displays are centred.
    Without `heading` the number and the title are left to whoever asks, as a book does.
    """
    page = _Page(document, line)
    body = "\n".join([*(page.heading() if heading else ()), *page.lines()])
    return f"{body}\n" if fragment else f"{PREAMBLE}\n{body}\n\\end{{document}}\n"


def escape(words: str) -> str:
    """Plain words for LaTeX; 2e-31, 1..5 and >= as a page writes them."""
    words = re.sub(r'"([^"]*)"', r"“\1”", words).replace(">=", "≥").replace("<=", "≤").replace("!=", "≠")
    words = "".join(ESCAPES.get(c, c) for c in words)
    words = re.sub(r"(\d(?:\.\d+)?)e([-+])0*(\d+)", lambda m: rf"${m[1]} \times 10^{{{m[2].strip('+')}{m[3]}}}$", words)
    words = re.sub(r"\b(Lemmas?|equation|section|theorem|eq\.) (\d)", r"\1~\2", words)
    return re.sub(r"(\d)\.\.(\d)", r"$\1, \\dots, \2$", words)


VOICE = latex_voice(escape, lambda formula: f"${formula}$")


class _Page:
    def __init__(self, document: Document, line: float) -> None:
        self.document = document
        self.ruler = Ruler(LATEX, line, LEFT, width)
        least, most = REASONS
        self.page = self.ruler.page(document)
        widest = self.ruler.widest(self.page.values(), (1 - least) * line)
        self.share = min(most, max(least, 1 - (widest + 4) / line))

    def heading(self) -> Iterator[str]:
        d = self.document
        number = rf"{escape(d.number)}\quad " if d.number else ""
        if d.title or d.number:
            yield rf"{{\raggedright\large\bfseries\boldmath {number}{VOICE.say((d.title,))}\par}}"

    def lines(self) -> Iterator[str]:
        d = self.document
        if d.source:
            yield rf"{{\small\itshape {VOICE.say((d.source,))}\par}}"
        yield r"\medskip\hrule\medskip"
        yield from self.given()
        if d.claims:
            yield rf"\medskip\noindent\textbf{{Claim{'s' if len(d.claims) > 1 else ''}.}}"
            yield self.environment("gather*", [line for n, e in d.numbered_claims for line in self.numbered(n, e)])
        if d.note:
            yield rf"\noindent {VOICE.say((d.note,))}\par"
        for section in d.sections:
            yield from self.section(section)
        yield rf"\medskip\hrule\smallskip{{\noindent\small {VOICE.say(d.status)}\par}}"

    def given(self) -> Iterator[str]:
        said = r";\enspace ".join(VOICE.say(g) for g in self.document.givens)
        if said or self.document.definitions:
            yield rf"\noindent\textbf{{Given.}}\enspace {said}" + ("" if self.document.definitions else r".\par")
        if self.document.definitions:
            yield self.side_by_side(self.document.definitions)

    def section(self, section: Section) -> Iterator[str]:
        title = f" ({VOICE.say(section.title, section.avoid)})" if section.title else ""
        style = r"\textit" if section.proof else r"\textbf"
        heading = f"{section.heading}{'' if title else '.'}"
        yield rf"\par\penalty0\medskip\noindent{style}{{{heading}}}{title}{'.' if title else ''}"
        for n, part in enumerate(section.parts, 1):
            ends = section.proof and n == len(section.parts)
            if isinstance(part, Paragraph):
                yield self.paragraph(part, section.avoid) + (QED_IN_WORDS if ends else "")
            else:
                yield self.rows(self.page[id(part)], section.avoid, ends)
        yield r"\par"

    def paragraph(self, part: Paragraph, avoid: frozenset[str]) -> str:
        """The words; where a formula among them is too wide for a line of text, a display of the cases they tell."""
        formulas = [LATEX.formula(e, avoid) for e, _ in part.cases]
        if all(width(f) <= INLINE * self.ruler.line for f in formulas):
            return rf"\noindent {VOICE.say(part.words, avoid)}"
        lines: list[str] = []
        for e, where in part.cases:
            said = rf"\quad \text{{for }} {LATEX.formula(where, avoid)}"
            first, *rest = self.ruler.broken(e, avoid, self.ruler.line - width(said))
            lines += [first, *(rf"\qquad {continued(r)}" for r in rest)]
            lines[-1] += said
        return f"\\noindent {VOICE.say(part.words[:1], avoid)}\n{self.environment('gather*', lines)}"

    def rows(self, found: Sequence[Row], avoid: frozenset[str], ends: bool) -> str:
        """The rows of a chain or a display; `ends` if the proof ends here."""
        above = found[0].depth == 0
        lines = [aligned(r, above) + self.reason(r.reasons, avoid, ends and r is found[-1]) for r in found]
        left = max(width(r.left) for r in found)
        return self.environment("align*", lines, left + 2 + max(width(r.formula) for r in found))

    def reason(self, reasons: Sequence[Words], avoid: frozenset[str], ends: bool) -> str:
        if not reasons:
            return r" \tag*{$\square$}" if ends else ""
        said = VOICE.sentence(reasons, avoid) + (QED if ends else "")
        return rf" \tag*{{\parbox{{{self.share:.2f}\linewidth}}{{\raggedright\small {said}}}}}"

    def side_by_side(self, formulas: Sequence[Expr]) -> str:
        """Formulas in rows, as many in a row as it holds."""
        lines: list[str] = []
        room = 0.0
        for e in formulas:
            broken = self.ruler.broken(e, frozenset())
            size = width(broken[0]) + 2
            if len(broken) == 1 and lines and size <= room:
                lines[-1] += rf", \qquad {broken[0]}"
                room -= size
            else:
                lines[-1:] = [f"{lines[-1]},"] if lines else []
                lines += [broken[0], *(rf"\qquad {continued(r)}" for r in broken[1:])]
                room = self.ruler.line - size if len(broken) == 1 else 0.0
        return self.environment("gather*", [*lines[:-1], f"{lines[-1]}."])

    def numbered(self, number: str, e: Expr) -> list[str]:
        first, *rest = self.ruler.broken(e, frozenset())
        lead = rf"\text{{{number}}} \quad " if number else ""
        return [lead + first, *(rf"\qquad {continued(r)}" for r in rest)]

    def environment(self, name: str, lines: Sequence[str], widest: float = 0.0) -> str:
        widest = widest or max(map(width, lines))
        body = f"  {lines[0]}" + "".join(f" \\\\{_kept(line)}[3pt]\n  {line}" for line in lines[1:])
        display = f"\\begin{{{name}}}\n{body}\n\\end{{{name}}}"
        size = next(name for part, name in SIZES if widest * part <= self.ruler.line + 1.0)
        return f"{{{size}\n{display}}}" if size else display


def aligned(row: Row, above: bool) -> str:
    """The row for align; `above` if the left side of the chain has a row of its own."""
    if row.depth == 2:
        return rf"& \qquad {continued(row.formula)}"
    if not row.relation:
        return f"& {row.formula}"
    return f"{row.left}{' ' if row.left else ''}& {QUAD if above else ''}{row.relation} {row.formula}"


def _kept(line: str) -> str:
    """A star where the row continues the one before, so that no page ends between them."""
    return "*" if line.removeprefix("& ").startswith(r"\qquad ") else ""


def continued(row: str) -> str:
    """A row that starts with a sign, spaced as if something stood before it."""
    return f"{{}} {row}" if row[0] in "+-" else row
