"""Verdicts as plain data for JSON.

Contract. Keys are stable; what does not apply is null or an empty list. Numbers are JSON numbers, formulas LaTeX.

Blind spot. A fraction is given as the nearest float.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from gradproof.audit import Counterexample
from gradproof.claims.request import Checked, Derived, overall
from gradproof.claims.suggest import Suggestion
from gradproof.claims.verdict import REFUTED, Decision
from gradproof.derivation import Derivation
from gradproof.document.reasons import reason
from gradproof.render.formulas import latex
from gradproof.render.words import PLAIN
from gradproof.rules import RULES

Data = dict[str, Any]


def derived(found: Derived) -> Data:
    proof = found.proof
    return {
        "status": found.status,
        "goal": latex(found.goal),
        "result": None if found.result is None else latex(found.result),
        "expected": found.expected,
        "definitions": [] if proof is None else [latex(r) for r in proof.document().definitions],
        "assumptions": [] if proof is None else [g.text or latex(g.closed()) for g in proof.assumptions],
        "steps": [] if proof is None else _steps(proof.certificate.derivation),
        "summary": found.reason if proof is None else proof.summary,
        **refutation(found.decision),
    }


def _steps(derivation: Derivation) -> list[Data]:
    return [
        {
            "theorem": theorem.name,
            "relation": step.relation,
            "latex": latex(step.result),
            "rule": step.rule,
            "reason": PLAIN.say(reason(step, derivation, RULES)) or step.rule,
            "status": "proved",
        }
        for theorem in derivation.theorems
        for step in theorem.steps
    ]


def checked(found: Sequence[Checked]) -> Data:
    """All relations; above them the worst, which for one relation is that relation."""
    status = overall(found)
    first = next((c for c in found if c.decision.status == status), None)
    return {
        "status": status,
        **refutation(first.decision if first else None),
        "reason": first.decision.reason if first else "",
        "relations": [{"latex": c.source, **verdict(c.decision)} for c in found],
    }


def verdict(decision: Decision) -> Data:
    return {"status": decision.status, **refutation(decision), "reason": decision.reason}


def refutation(decision: Decision | None) -> Data:
    refuted = decision is not None and decision.status == REFUTED
    return {
        "counterexample": point(decision.counterexample) if decision is not None and refuted else None,
        "suggestion": suggestion(decision.suggestion) if decision is not None and refuted else None,
    }


def point(found: Counterexample | None) -> Data | None:
    if found is None:
        return None
    return {
        "sizes": dict(found.sizes),
        "values": {name: _plain(v) for name, v in found.values.items()},
        "left": _plain(found.left),
        "right": _plain(found.right),
        "reason": found.reason,
    }


def suggestion(found: Suggestion | None) -> Data | None:
    if found is None:
        return None
    return {"latex": found.latex, "status": found.status, "change": found.change}


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return float(value) if isinstance(value, Fraction) else value
