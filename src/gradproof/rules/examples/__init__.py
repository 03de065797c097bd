"""Examples and counterexamples of the rules, one topic a file, by the names of the rules.

Contract. An example is what the rule says at some bindings, true and accepted by the kernel. A counterexample breaks
one thing, and without it the rule would say something false or undefined: a side condition (its kind), a premise
("premise": it is false), or the form of the bindings ("form": the rule refuses to build anything of them). The tests
hold both, and say under which givens.
"""

from __future__ import annotations

from dataclasses import replace

from gradproof.rule import Rule
from gradproof.rules.examples import (
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


def illustrate(rule: Rule) -> Rule:
    """The rule with its examples and counterexamples."""
    shown = tuple(e for t in TOPICS for e in t.EXAMPLES.get(rule.name, ()))
    broken = tuple(e for t in TOPICS for e in t.COUNTEREXAMPLES.get(rule.name, ()))
    return replace(rule, examples=shown, counterexamples=broken)
