"""Roots: quantities that an equation defines. `root` is the root, or the name of one.

Contract. That the equation has one solution is not a condition of the rules: a root is defined only where that is known
(`gradproof.monotone`), and the kernel takes no line that is not defined.

Blind spot. The equation's left side is differentiable where the premise has been proved by the rules of calculus.

Examples and counterexamples: `gradproof.rules.examples.roots`.
"""

from __future__ import annotations

from gradproof.expression import (
    Definition,
    Derivative,
    Entry,
    Expr,
    Relation,
    Root,
    add,
    definitions,
    moved,
    subterms,
)
from gradproof.rule import Condition, Rule, nonzero


def solved(root: Expr) -> Root:
    """The root itself, by its name or not."""
    found = root.base.unfold(root.args) if isinstance(root, Entry) and isinstance(root.base, Definition) else root
    if not isinstance(found, Root):
        raise ValueError(f"a root is wanted, or what is defined as one, not {root!r}")
    return found


def defining_equation(root: Expr) -> Relation:
    r = solved(root)
    return Relation.of(r.at(root, 0), "=", r.at(root, 1))


def total(root: Expr, x: Expr) -> Expr:
    """What is constant in x where the unknown is the root: the left side, less the right side if x moves that."""
    left, right = defining_equation(root).args
    return add(left, -right) if moved(x) in right.free else left


def implicit(root: Expr, direct: Expr, slope: Expr, x: Expr) -> Relation:
    return Relation.of(Derivative.of(root, x), "=", direct / slope)


def implicit_premises(root: Expr, direct: Expr, slope: Expr, x: Expr) -> tuple[Expr, ...]:
    split = direct - slope * Derivative.of(root, x)
    return (Relation.of(Derivative.of(total(root, x), x), "=", split),)


def implicit_conditions(root: Expr, direct: Expr, slope: Expr, x: Expr) -> tuple[Condition, ...]:
    whole = Relation.of(direct, "=", slope)
    if any(isinstance(t, Derivative) for e in (whole, *(d.body for d in definitions(whole))) for t in subterms(e)):
        raise ValueError("the two parts of the derivative must be free of derivatives")
    r = solved(root)
    return (nonzero(slope), *(Condition("continuous", (side,)) for side in r.args))


RULES = (
    Rule(
        "defining equation of a root", "roots", r"F(\tau) = c,\ \tau := F^{-1}(c)",
        defining_equation, "the equation that defines the root",
        source="definition of the root",
    ),
    Rule(
        "implicit differentiation", "roots",
        r"\frac{\partial}{\partial x} F(x, \tau) = a - b \frac{\partial \tau}{\partial x},\ b \ne 0"
        r"\ \Rightarrow\ \frac{\partial \tau}{\partial x} = \frac{a}{b}",
        implicit, "implicit differentiation: the equation stays true, so its derivative is 0",
        implicit_conditions, implicit_premises,
        source="Spivak 1965, theorem 2-12; F is monotone in tau, so differentiable at the point is enough",
    ),
)  # fmt: skip
