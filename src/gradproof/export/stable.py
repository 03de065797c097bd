"""Rewriting a term into the form that keeps its accuracy in floating point. UNTRUSTED: the caller proves it equal.

Contract. `stabilise(e)` unfolds definitions and applies identities of the reals until none applies: products of
exponentials and powers of sums of exponentials become one exponential (softmax as exp(z - log sum exp z)), logarithms
of positive products are split, 1 / (1 + e^-x) becomes sigmoid, log(1 + e^x) softplus, e^x - 1 expm1, log(1 + x) log1p,
1 - sigmoid(x) sigmoid(-x); Kronecker deltas under a sum are contracted. Each uses the signs of the symbols alone.

Blind spot. It does not know givens beyond signs (sum y = 1), and makes no claim that the result is the most accurate
form: cancellation between arguments, as in x - y, stays.
"""

from __future__ import annotations

from collections.abc import Callable

from gradproof.expression import Binder, Definition, Derivative, Entry, Expectation, Expr, Limit, Ranking, Root
from gradproof.signs import Signs

from .stable_rules import rules_for
from .terms import closed

Shown = Callable[[Expr, Expr], bool]

FUEL = 20_000  # rewritings; a term that needs more is left as far as it got


def stabilise(e: Expr, signs: Signs | None = None, shown: Shown | None = None) -> Expr:
    """An equal term that is numerically stable; `signs` may know more than the declarations do.

    shown: whether a term is known to be equal to what a rule makes of it; without it, every rule is believed.
    """
    return _Walk(signs or Signs(), shown).term(e)


class _Walk:
    def __init__(self, signs: Signs, shown: Shown | None) -> None:
        self.signs = signs
        self.shown = shown
        self.fuel = FUEL
        self.done: dict[Expr, Expr] = {}

    def term(self, e: Expr) -> Expr:
        if e not in self.done:
            self.done[e] = self._rewritten(self._below(e))
        return self.done[e]

    def _below(self, e: Expr) -> Expr:
        if isinstance(e, Entry) and isinstance(e.base, Definition):
            return self.term(e.base.unfold(e.args))
        if isinstance(e, Root | Ranking):  # an equation is solved, and members are compared, as they stand
            return e
        if self.shown is not None and isinstance(e, Derivative | Limit | Expectation):  # other signs hold in there
            return e
        if isinstance(e, Binder):
            index = e.fresh()
            return closed(e, index, self.term(e.open(index)))
        return e.rebuild(tuple(self.term(a) for a in e.args)) if e.args else e

    def _rewritten(self, e: Expr) -> Expr:
        for rule in rules_for(e):
            found = rule(e, self.signs)
            if found is not None and found != e and self.fuel > 0 and (self.shown is None or self.shown(e, found)):
                self.fuel -= 1
                return self.term(found)
        return e
