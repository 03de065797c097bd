"""Findings as SARIF 2.1.0, so that a repository's CI can annotate the lines.

Contract. A refuted relation is an error. What is not decided is an open result; what cannot be read is a notification
of the run, not a result. What is proved is not listed.

Blind spot. Paths are given as they were typed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from gradproof import __version__
from gradproof.api import described
from gradproof.claims.findings import NOT_READ, Finding, Review
from gradproof.claims.verdict import REFUTED, UNDECIDED

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
REFUTED_RULE, UNDECIDED_RULE = "refuted", "not-decided"
RULES = (
    (REFUTED_RULE, "The relation is false: a point that satisfies the hypotheses is shown where it fails.", "error"),
    (UNDECIDED_RULE, "Neither a proof nor a counterexample was found.", "note"),
)
KINDS = {REFUTED: (REFUTED_RULE, "fail", "error"), UNDECIDED: (UNDECIDED_RULE, "open", "none")}


def log(reviews: Sequence[Review]) -> str:
    """One run over all files."""
    run = {
        "tool": {"driver": {"name": "gradproof", "version": __version__, "rules": [_rule(*r) for r in RULES]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(reviews)}],
        "results": [_result(r, f) for r in reviews for f in r.findings if f.status in KINDS],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rule(name: str, text: str, level: str) -> dict[str, Any]:
    return {"id": name, "shortDescription": {"text": text}, "defaultConfiguration": {"level": level}}


def _result(review: Review, f: Finding) -> dict[str, Any]:
    rule, kind, level = KINDS[f.status]
    return {
        "ruleId": rule,
        "ruleIndex": [r[0] for r in RULES].index(rule),
        "kind": kind,
        "level": level,
        "message": {"text": _message(f)},
        "locations": [_location(review, f)],
    }


def _message(f: Finding) -> str:
    if f.decision is None or f.decision.counterexample is None:
        return f"Not decided: {f.source}. {f.reason}".strip()
    told = f"{f.source} is false at {described(f.decision.counterexample)}."
    nearest = f.decision.suggestion
    return f"{told} True instead: {nearest.latex} ({nearest.status})." if nearest else told


def _location(review: Review, f: Finding) -> dict[str, Any]:
    line, column = max(f.end, (f.line, f.column + 1))
    region = {"startLine": f.line, "startColumn": f.column, "endLine": line, "endColumn": column}
    path = quote(PurePath(review.path).as_posix())
    return {"physicalLocation": {"artifactLocation": {"uri": path}, "region": region}}


def _notifications(reviews: Sequence[Review]) -> list[dict[str, Any]]:
    return [
        {"level": "note", "message": {"text": f"Not read: {f.source}: {f.reason}"}, "locations": [_location(r, f)]}
        for r in reviews
        for f in r.findings
        if f.status == NOT_READ
    ]
