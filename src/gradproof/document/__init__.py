"""Certificate -> Document: what stands on the page of a derivation, whatever the page is printed on.

    page = build(certificate, statement, audit, rules, style="delta", detail="normal")

Contract. A page says what the derivation says; see `build`. It imports no renderer.
"""

from gradproof.document.build import build
from gradproof.document.page import Chain, Declared, Display, Document, Line, Paragraph, Part, Section, Words
from gradproof.document.status import status

__all__ = [
    "Chain", "Declared", "Display", "Document", "Line", "Paragraph", "Part", "Section", "Words", "build", "status",
]  # fmt: skip
