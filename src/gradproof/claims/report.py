"""Verdicts as text for a terminal, and those of files as JSON.

Contract. Everything that was found is told; what cannot be read is told as not read.

Blind spot. A long formula is cut; its place tells which it is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from gradproof.api import described
from gradproof.claims import data
from gradproof.claims.findings import DEFINITION, GIVEN, NOT_READ, Finding, Review
from gradproof.claims.request import Checked
from gradproof.claims.verdict import PROVED, REFUTED, UNDECIDED, Decision

STATUSES = (REFUTED, PROVED, UNDECIDED, NOT_READ, DEFINITION, GIVEN)
WIDTH = 100


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
        found = decision.counterexample
        lines.append(f"{'at ' if found.sizes or found.values else ''}{described(found)}")
    if decision.suggestion is not None:
        lines.append(f"true instead: {decision.suggestion.latex} ({decision.suggestion.status})")
    return lines


def _indented(lines: Sequence[str]) -> str:
    return "".join(f"  {line}\n" for line in lines)


def files(reviews: Sequence[Review]) -> str:
    """Verdicts by file and line, what was taken as given, and counts."""
    return "\n".join(_file(r) for r in reviews)


def _file(review: Review) -> str:
    lines = [f"{review.path}:{f.line}:{f.column}: {f.status}: {_short(f.source)}\n{_below(f)}" for f in review.findings]
    lines += [
        f"{review.path}:{line}: taken as given: {text}\n" if line else f"given: {text}\n"
        for text, line in review.assumed
    ]
    lines += [f"{review.path}:{line}: {note}\n" for note, line in review.notes]
    counts = ", ".join(f"{review.count(status)} {status}" for status in STATUSES)
    return "".join([*lines, f"{review.path}: {counts}\n"])


def _short(source: str) -> str:
    return source if len(source) <= WIDTH else f"{source[: WIDTH - 3]}..."


def _below(finding: Finding) -> str:
    if finding.status == NOT_READ or finding.decision is None:
        return _indented([f"because {finding.reason}"] if finding.reason else [])
    return "" if finding.status == PROVED else _indented(details(finding.decision))


def files_json(reviews: Sequence[Review]) -> str:
    """The same as JSON."""
    return json.dumps({"files": [_data(r) for r in reviews]}, indent=2, ensure_ascii=False)


def _data(review: Review) -> dict[str, Any]:
    return {
        "path": review.path,
        "counts": {status: review.count(status) for status in STATUSES},
        "relations": [
            {
                "line": f.line,
                "column": f.column,
                "latex": f.source,
                "status": f.status,
                "reason": f.reason,
                **data.refutation(f.decision),
            }
            for f in review.findings
        ],
        "given": [{"latex": text, "line": line or None} for text, line in review.assumed],
        "notes": [{"text": note, "line": line or None} for note, line in review.notes],
    }
