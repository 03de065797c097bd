"""A proof in hand: what was shown, from what, as a page and as code.

Contract. It holds a kernel certificate and an audit report and adds nothing to them. Pages are built when asked for.

Blind spot. Anyone can build this object in Python; trust the file it saves only after `gradproof check`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gradproof import storage
from gradproof.derivation import AuditReport, Certificate, Given, Step, Theorem
from gradproof.document import Document, build, status
from gradproof.errors import BadInput
from gradproof.expression import Expr, Relation, Symbol
from gradproof.rules import RULES
from gradproof.statement import Statement

if TYPE_CHECKING:
    from gradproof.export import Code

STYLES = ("delta", "cases")
DETAILS = ("brief", "normal", "full")


@dataclass(frozen=True, repr=False)
class Proof:
    """A derivation that the kernel accepted and the audit did not refute, of the claims of `statement`."""

    certificate: Certificate
    statement: Statement
    audit: AuditReport
    theorems: tuple[Theorem, ...]  # the one that answers each claim

    @property
    def status(self) -> str:
        """ "proved": every step was checked by the kernel."""
        return "proved"

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step of every theorem, in order."""
        return tuple(s for t in self.certificate.derivation.theorems for s in t.steps)

    @property
    def assumptions(self) -> tuple[Given, ...]:
        """The givens that the claims rest on, beyond the declared domains."""
        used = set().union(*(self.certificate.used.get(t.name, frozenset()) for t in self.theorems))
        return tuple(g for n, g in enumerate(self.certificate.derivation.givens) if n in used)

    @property
    def proposition(self) -> Expr:
        """What was proved for the first claim."""
        return self.theorems[0].statement

    @property
    def result(self) -> Expr:
        """The right-hand side of the first claim where it is an equation, else the proposition itself."""
        first = self.proposition
        return first.args[1] if isinstance(first, Relation) and first.operator == "=" else first

    def document(self, style: str = "delta", detail: str = "normal") -> Document:
        """The page as data."""
        for value, known, what in ((style, STYLES, "style"), (detail, DETAILS, "detail")):
            if value not in known:
                raise BadInput(f"no {what} {value!r}", expected=" or ".join(known), found=value)
        return build(self.certificate, self.statement, self.audit, RULES, style=style, detail=detail)

    def text(self, style: str = "delta", detail: str = "normal") -> str:
        """The page for a terminal."""
        from gradproof.render import text

        return text.render(self.document(style, detail))

    def latex(self, style: str = "delta", detail: str = "normal") -> str:
        """A LaTeX document that compiles as it is, with amsmath and amssymb."""
        from gradproof.render import latex

        return latex.render(self.document(style, detail))

    def markdown(self, style: str = "delta", detail: str = "normal") -> str:
        from gradproof.render import markdown

        return markdown.render(self.document(style, detail))

    def html(self, style: str = "delta", detail: str = "normal") -> str:
        from gradproof.render import html

        return html.render(self.document(style, detail))

    def pdf(self, path: str | Path | None = None, style: str = "delta", detail: str = "normal") -> bytes:
        """The page as PDF, through pdflatex; also written to `path`. Raises BadInput where pdflatex is missing."""
        from gradproof.render import pdf

        page = pdf.render(self.document(style, detail))
        if path is not None:
            storage.write_file(path, page)
        return page

    def json(self) -> str:
        """The derivation, statement and audit as `save` writes them."""
        return storage.dumps(storage.Saved(self.certificate.derivation, self.statement, self.audit))

    def save(self, path: str | Path) -> Path:
        """Write the proof to a file that `gradproof.load` and `gradproof check` read."""
        return storage.write_file(path, self.json())

    def export(self, target: str = "numpy", shard: str | Symbol = "", stream: str | Symbol = "") -> Code:
        """The result as source that stands alone: `.source` the text, `.functions` the functions it defines.

        shard: a size, such as "K", whose axis lies in parts on several processes or devices (torch and jax);
        stream: or comes in chunks, one after another (numpy, torch and jax).
        """
        from gradproof.exporting import export

        named = (size if isinstance(size, str) else size.name for size in (shard, stream))
        return export(self, target, *named)

    @property
    def summary(self) -> str:
        """The status in a line: what was proved, for which sizes, and what the audit did."""
        from gradproof.render.words import PLAIN

        return PLAIN.say(status(self.certificate, self.audit))

    def __repr__(self) -> str:
        from gradproof.render.words import PLAIN

        title = PLAIN.say((self.statement.title,))
        return f"<{f'{self.statement.number} {title}'.strip()}: {self.summary}>"

    def _repr_html_(self) -> str:
        return self.html()

    def _repr_latex_(self) -> str:
        """The first claim as one display, for Jupyter."""
        from gradproof.render.formulas import latex

        return f"$\\displaystyle {latex(self.proposition)}$"
