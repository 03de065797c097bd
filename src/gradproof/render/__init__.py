"""Document -> page: LaTeX, PDF, HTML, Markdown, plain text.

    from gradproof.render import RENDERERS, formula_latex
    RENDERERS["markdown"](document)

Contract. Each renderer is a function of the document alone and prints the same lines.
"""

from collections.abc import Callable, Mapping

from gradproof.document import Document
from gradproof.render import html, latex, markdown, pdf, text
from gradproof.render.formulas import latex as formula_latex
from gradproof.render.formulas import text as formula_text
from gradproof.render.pdf import PdfFailed

RENDERERS: Mapping[str, Callable[[Document], str]] = {
    "latex": latex.render,
    "html": html.render,
    "markdown": markdown.render,
    "text": text.render,
}

__all__ = ["RENDERERS", "PdfFailed", "formula_latex", "formula_text", "html", "latex", "markdown", "pdf", "text"]
