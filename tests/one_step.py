"""The shortest derivation that uses a rule, for the tests of rules and of the audit."""

from __future__ import annotations

from gradproof.derivation import Derivation, Given, Inference, Step, Theorem
from gradproof.expression import Expr, Relation
from gradproof.rule import Bindings, Rule


def one_step(
    rule: Rule, bindings: Bindings, givens: tuple[Given, ...] = (), proved: tuple[Expr, ...] | None = None
) -> tuple[Derivation, dict[str, Rule]]:
    """A derivation that uses the rule once, and the rules it needs: this one, and each of `proved` as an axiom.

    An equation becomes a chain of one step, a conclusion from premises an inference; `proved` are all premises if None.
    """
    taken = rule.premises(**bindings) if proved is None else proved
    axioms = [Rule(f"premise {n}", "test", "", lambda p=p: p) for n, p in enumerate(taken)]
    premises = [Theorem(a.name, p, by=Inference(a.name, {}, ())) for a, p in zip(axioms, taken, strict=True)]
    names = tuple(t.name for t in premises)
    theorem = _conclusion(rule, bindings, names) if rule.premises(**bindings) else _chain(rule, bindings)
    return Derivation(rule.name, givens, (*premises, theorem)), {r.name: r for r in (*axioms, rule)}


def _chain(rule: Rule, bindings: Bindings) -> Theorem:
    equation = rule.equation(**bindings)
    assert isinstance(equation, Relation)
    left, right = equation.args
    step = Step(rule.name, bindings, right, relation=equation.operator)
    return Theorem("main", equation, left, (step,))


def _conclusion(rule: Rule, bindings: Bindings, names: tuple[str, ...]) -> Theorem:
    return Theorem("main", rule.equation(**bindings), by=Inference(rule.name, bindings, names))
