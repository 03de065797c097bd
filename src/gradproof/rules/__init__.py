"""The axioms, one topic a file; `RULES` is all of them by name, `illustrated()` the same with examples."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gradproof.rule import Rule
from gradproof.rules import (
    calculus,
    conventions,
    expectation,
    indeterminate,
    limits,
    logs,
    matrices,
    optima,
    order,
    ranges,
    ranks,
    roots,
    slopes,
    sums,
    unknown,
)

TOPICS = (
    calculus, sums, ranges, ranks, logs, conventions, unknown, order, slopes, optima, limits, indeterminate, matrices,
    roots, expectation,
)  # fmt: skip
RULES: Mapping[str, Rule] = {r.name: r for topic in TOPICS for r in topic.RULES}


@cache
def illustrated() -> Mapping[str, Rule]:
    """The rules with their examples and counterexamples, which stand in `gradproof.rules.examples`, one topic a file.

    They are made when they are asked for: the kernel does without.
    """
    from gradproof.rules.examples import illustrate

    return {r.name: illustrate(r) for r in RULES.values()}
