"""Functions of which only their derivatives' names are known.

Contract. f is declared with an open interval as its domain and the number of derivatives it has there. That its
argument lies in the domain is no condition here: every line must be defined. f itself is not moved by any variable.

Blind spot. As in `gradproof.rules.calculus`: that the argument is differentiable is not a condition.

Examples and counterexamples: `gradproof.rules.examples.unknown`.
"""

from __future__ import annotations

from gradproof.expression import Application, Derivative, Expr, Relation, mul
from gradproof.rule import Rule


def chain_rule(f: Application, x: Expr) -> Relation:
    """`f` is f(u), or a derivative of f at u; one that f need not have is refused by `Application`."""
    (u,) = f.args
    slope = Application.of(f.function, f.order + 1, u)
    return Relation.of(Derivative.of(f, x), "=", mul(slope, Derivative.of(u, x)))


RULES = (
    Rule(
        "chain rule for an unknown function", "calculus",
        r"\frac{\partial f(u)}{\partial x} = f'(u) \frac{\partial u}{\partial x}", chain_rule,
        "chain rule", source="Spivak, Calculus, ch. 10, thm 9",
    ),
)  # fmt: skip
