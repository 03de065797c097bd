r"""The convention 0 log 0 = 0: relentr(x, y) is x log(x / y) for x > 0, and 0 for x = 0; defined for x >= 0, y > 0.

With relentr(x, 1) = x log x, continued to 0, every term of a relative entropy or an entropy has a value.

Examples and counterexamples: `gradproof.rules.examples.conventions`.
"""

from __future__ import annotations

from gradproof.expression import Expr, Function, Number, Relation, add, mul
from gradproof.rule import Condition, Rule, holds, nonnegative, positive
from gradproof.rules.terms import equal, log

ZERO, ONE = Number.of(0), Number.of(1)


def relentr(x: Expr, y: Expr) -> Expr:
    return Function((x, y), ("relentr",))


def of_positive(x: Expr, y: Expr) -> Relation:
    return equal(relentr(x, y), mul(x, log(x / y)))


def log_apart(x: Expr, y: Expr) -> Relation:
    return equal(relentr(x, y), add(relentr(x, ONE), -mul(x, log(y))))


def of_bit(b: Expr) -> Relation:
    return equal(relentr(b, ONE), ZERO)


def bit_conditions(b: Expr) -> tuple[Condition, ...]:
    return (Condition("whole", (b,)), nonnegative(b), holds(Relation.of(b, "<=", ONE)))


RULES = (
    Rule(
        "relative entropy of a positive number", "conventions",
        r"\operatorname{relentr}(x, y) = x \log \frac{x}{y} \text{ for } x > 0", of_positive,
        "its definition, away from 0", lambda x, y: (positive(x), positive(y)),
        source="Cover, Thomas 2006, sec. 2.3",
    ),
    Rule(
        "second logarithm of a relative entropy", "conventions",
        r"\operatorname{relentr}(x, y) = \operatorname{relentr}(x, 1) - x \log y", log_apart,
        r"split the logarithm; for $x = 0$ all terms are $0$", lambda x, y: (nonnegative(x), positive(y)),
        source="log of a quotient for x > 0; by the convention both sides are 0 for x = 0",
    ),
    Rule(
        "0 log 0 = 0 and 1 log 1 = 0", "conventions",
        r"\operatorname{relentr}(b, 1) = 0 \text{ for } b \in \{0, 1\}", of_bit,
        r"$0 \log 0 = 0$ by convention, and $1 \log 1 = 0$", bit_conditions,
        source="Cover, Thomas 2006, sec. 2.3",
    ),
)  # fmt: skip
