"""What is found in a file: one finding for each relation, and what was taken as given.

Contract. Plain data; lines and columns count from 1, columns in characters.

Blind spot. A finding does not hold the text around its relation.
"""

from __future__ import annotations

from dataclasses import dataclass

from gradproof.claims.verdict import REFUTED, Decision

DEFINITION, GIVEN, NOT_READ = "definition", "given", "not read"


@dataclass(frozen=True)
class Finding:
    """One relation of a file and what is known of it. Lines and columns count from 1."""

    line: int
    column: int
    source: str
    status: str
    reason: str = ""
    decision: Decision | None = None
    end: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Review:
    path: str
    findings: tuple[Finding, ...] = ()
    assumed: tuple[tuple[str, int], ...] = ()  # what was taken as given, and the line that says so
    notes: tuple[tuple[str, int], ...] = ()

    def count(self, status: str) -> int:
        return sum(f.status == status for f in self.findings)

    @property
    def refuted(self) -> int:
        return self.count(REFUTED)
