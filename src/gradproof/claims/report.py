"""Verdicts as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from gradproof.api import described
from gradproof.claims.request import Checked
from gradproof.claims.verdict import PROVED, Decision


def claims(found: Sequence[Checked]) -> str:
    """One block for each relation of a --claim."""
    return "".join(f"{c.decision.status}: {c.source}\n{_indented(details(c.decision))}" for c in found)


def details(decision: Decision) -> list[str]:
    """What stands below a verdict: why, where it fails, what is true instead."""
    lines = []
    if decision.status == PROVED and decision.proof is not None:
        lines.append(decision.proof.summary)
    if decision.reason:
        lines.append(f"because {decision.reason}")
    if decision.counterexample is not None:
        lines.append(f"at {described(decision.counterexample)}")
    if decision.suggestion is not None:
        lines.append(f"true instead: {decision.suggestion.latex} ({decision.suggestion.status})")
    return lines


def _indented(lines: Sequence[str]) -> str:
    return "".join(f"  {line}\n" for line in lines)
