"""The axioms, one topic a file; `RULES` is all of them by name."""

from __future__ import annotations

from collections.abc import Mapping

from gradproof.rule import Rule
from gradproof.rules import calculus, limits, logs, optima, order, sums

RULES: Mapping[str, Rule] = {r.name: r for m in (calculus, sums, logs, order, optima, limits) for r in m.RULES}
