"""What the exporters refuse."""

from __future__ import annotations

from gradproof.errors import GradproofError
from gradproof.expression import Expr

from .formula import text


class NotExportable(GradproofError, NotImplementedError):
    """A term that no array code computes as it stands: a derivative, a limit, a proposition, an unknown function."""

    @classmethod
    def of(cls, e: Expr, why: str = "") -> NotExportable:
        shown = text(e)
        return cls(why or f"a term of kind {type(e).__name__} cannot be exported", found=shown[:200])
