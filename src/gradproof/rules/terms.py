"""What the rules of several topics are written in: an equation, a logarithm, an exponential. TRUSTED.

Contract. Each function makes the term or relation that its name says, and nothing is simplified.

Blind spot. Whether the term is defined is for the side conditions of each rule.
"""

from __future__ import annotations

from gradproof.expression import Expr, Function, Relation


def equal(left: Expr, right: Expr) -> Relation:
    return Relation.of(left, "=", right)


def exp(e: Expr) -> Expr:
    return Function((e,), ("exp",))


def log(e: Expr) -> Expr:
    return Function((e,), ("log",))
