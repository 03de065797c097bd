"""What can go wrong, as the reader of a message meets it.

Contract. Each error says where, what was expected, what was found and what to do; parts that do not apply are left out.
The command line turns the class into its exit code.
"""

from __future__ import annotations

from typing import ClassVar


class GradproofError(Exception):
    """Base of all errors that gradproof raises on purpose."""

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, where: str = "", expected: str = "", found: str = "", advice: str = "") -> None:
        self.where, self.expected, self.found, self.advice = where, expected, found, advice
        self.summary = message
        super().__init__(message)

    def __str__(self) -> str:
        head = f"{self.where}: {self.summary}" if self.where else self.summary
        parts = (("expected", self.expected), ("found", self.found), ("what to do", self.advice))
        return "\n".join([head, *(f"  {label}: {text}" for label, text in parts if text)])


class BadInput(GradproofError, ValueError):
    """The input is not something gradproof reads; nothing was decided about it."""


class NotDecided(GradproofError):
    """gradproof can neither prove nor refute this yet."""

    exit_code = 3


class Refuted(GradproofError):
    """The claim is false: `found` holds the point where it fails."""

    exit_code = 1


class ProofRefused(GradproofError):
    """The kernel refuses a derivation: `found` names the step that does not follow."""

    exit_code = 1
