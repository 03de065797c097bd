"""What is claimed and what is given: equations, equivalences, optima, hypotheses.

Contract. Each word makes a proposition, or a hypothesis for all values of some indices; none is checked here.

Blind spot. Hypotheses that contradict each other are accepted, and prove anything.
"""

from __future__ import annotations

from gradproof import expression as x
from gradproof.derivation import Given
from gradproof.expression import Array, Definition, Expr, Index, Relation, Scalar, Symbol, coerce
from gradproof.notation.names import index
from gradproof.notation.terms import Sum


def ForAll(proposition: Expr, *over: Index) -> Expr:
    for i in over:
        proposition = x.ForAll.over(i, proposition)
    return proposition


def Eq(left: Scalar, right: Scalar) -> Relation:
    """The claim that two terms are equal."""
    return Relation.of(coerce(left), "=", coerce(right))


def Ne(left: Scalar, right: Scalar) -> Relation:
    return Relation.of(coerce(left), "!=", coerce(right))


def Iff(left: Expr, right: Expr) -> Relation:
    """The claim that two propositions are equivalent."""
    return Relation.of(left, "<=>", right)


def _optimum(kind: str, objective: Expr, variable: Symbol | Expr, point: Scalar) -> Expr:
    if isinstance(variable, x.Entry) and len(variable.args) == 1 and isinstance(variable.args[0], Index):
        return x.Optimum((objective, x.Vector.over(variable.args[0], coerce(point))), (kind, variable.base))
    return x.Optimum((objective, coerce(point)), (kind, variable))


def argmax(objective: Expr, variable: Expr, point: Scalar) -> Expr:
    """The claim that `point` is the only maximiser; argmax(f, q[i], p[i]) for a whole array."""
    return _optimum("max", objective, variable, point)


def argmin(objective: Expr, variable: Expr, point: Scalar) -> Expr:
    """The claim that `point` is the only minimiser."""
    return _optimum("min", objective, variable, point)


def given(relation: Relation, *over: Index, apart: tuple[tuple[Index, Index], ...] = (), text: str = "") -> Given:
    """A hypothesis for all values of the indices in `over`."""
    return Given(relation, over, apart, text)


def sums_to_one(a: Array | Definition, *letters: Index) -> Given:
    """sum over the last index of `a` is 1, at every value of the others."""
    *front, last = letters or tuple(index(c, n) for c, n in zip("nmi"[-len(a.shape) :], a.shape, strict=True))
    return Given(Eq(Sum(a[(*front, last)], last), 1), tuple(front))
