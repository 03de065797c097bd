"""Every rule: its examples are accepted and hold, its counterexamples are refused and fail."""

from __future__ import annotations

from collections import Counter
from functools import cache
from random import Random
from types import CodeType

import pytest

from gradproof.audit import audit, counterexample, sample
from gradproof.audit.arithmetic import Undefined, Untestable
from gradproof.audit.evaluation import Evaluator
from gradproof.audit.truth import Judge
from gradproof.derivation import Derivation, Given, Inference, Step, Theorem
from gradproof.expression import Expr, Number
from gradproof.kernel import MALFORMED, Refused, check
from gradproof.notation import Eq, Ne, given, positive_definite, step, sums_to_one
from gradproof.rule import Counterexample, Rule
from gradproof.rules import RULES, illustrated
from gradproof.rules.examples import TOPICS
from gradproof.rules.examples.expectation import count
from gradproof.rules.examples.letters import W, i, j, n, p, s, t, w, x, y, z
from gradproof.rules.examples.matrices import A
from one_step import one_step

RULED = illustrated()
EXAMPLES = [(r, b) for r in RULED.values() for b in r.examples]
COUNTEREXAMPLES = [(r, c) for r in RULED.values() for c in r.counterexamples]
KINDS = {
    "positive", "nonnegative", "nonzero", "constant", "independent", "in_range", "number", "whole", "distinct", "holds",
    "defined", "unconstrained", "assumed", "feasible", "identity", "symmetric", "continuous", "settled",
}  # fmt: skip

# What is given where an example, or a counterexample of a kind, is about a hypothesis.
HYPOTHESES: dict[tuple[str, str], tuple[Given, ...]] = {
    ("exp separates the largest", "example"): (
        given(z[i] < z[t], i, apart=((i, t),)),
        given(W[n, i] < W[n, t], i, apart=((i, t),)),
    ),
    ("exp separates the largest", "in_range"): (given(z[i] < z[t], i, apart=((i, t),)),),
    ("exp separates the largest", "independent"): (given(s * z[i] < s * z[t], i, apart=((i, t),)),),
    ("derivative of an entry", "example"): (given(Ne(z[i], z[j]), i, j, apart=((i, j),)),),
    ("derivative of a step", "continuous"): (given(Ne(2 * step(x) - 1, 0)),),
    ("derivative of a sign", "continuous"): (given(Ne(2 * step(x) - 1, 0)),),
    ("order without ties", "example"): (given(Ne(z[i], z[j]), i, j, apart=((i, j),)),),
    ("attained bound", "example"): (sums_to_one(y), sums_to_one(p)),
    ("inverse of a symmetric matrix", "symmetric"): (positive_definite(A),),
    ("minimum of a quadratic", "unconstrained"): (given(Eq(w[i], z[i] + 1), i),),
    ("stationary point of a concave function", "unconstrained"): (given(x >= 2),),
    ("limit of a difference quotient", "unconstrained"): (given(x >= 2),),
    ("tangent of a convex function", "unconstrained"): (given(x >= 2),),
    ("sign of the derivative", "unconstrained"): (given(x >= 2),),
    ("value of a variable", "unconstrained"): (given(x >= 2),),
    ("L'Hopital's rule", "unconstrained"): (given(x >= 2),),
    ("L'Hopital's rule for a power", "unconstrained"): (given(x >= 2),),
    ("Stein's identity", "unconstrained"): (given(x >= 1),),
    ("derivative under the expectation", "unconstrained"): (given(count >= 1),),
}

# Counterexamples that numbers cannot show, and why.
UNSAMPLED = {
    ("derivative through a finite sum", "constant"): "the audit keeps K still where it says how far an index runs",
    ("derivative of a finite product", "constant"): "the audit keeps K still where it says how far an index runs",
    ("derivative of an entry", "settled"): "the audit keeps the order as it is at a tie",
    ("implicit differentiation", "continuous"): "the audit keeps the order as it is at a tie",
    ("limit of a difference quotient", "unconstrained"): "the audit takes the limit wherever the domain lets it",
    ("L'Hopital's rule", "unconstrained"): "the audit takes the limit wherever the domain lets it",
    ("L'Hopital's rule for a power", "unconstrained"): "the audit takes the limit wherever the domain lets it",
}
# Broken premises after which the rule speaks of a limit that does not exist, which the audit cannot evaluate.
DIVERGES = {
    ("limit of a difference quotient", "e^a / a has no limit at 0: e^0 is 1."),
    ("L'Hopital's rule", "(a + 1) / a has no limit at 0: a + 1 does not vanish."),
    ("L'Hopital's rule for a power", "(e^a - 1) / a^2 has no limit at 0: the first derivative does not vanish."),
    ("L'Hopital's rule for a power", "(e^a - a) / a^2 has no limit at 0: e^a - a does not vanish."),
}


def name(case: object) -> str:
    return case.name if isinstance(case, Rule) else case.kind if isinstance(case, Counterexample) else ""


@cache
def failure(e: Expr, givens: tuple[Given, ...]) -> str:
    """Where numbers show that the proposition does not hold: "false", "undefined", or nothing."""
    found = counterexample(e, givens)
    if found is not None:
        return "undefined" if found.reason else "false"
    rng, judge = Random(0), Judge(Evaluator())
    for _ in range(100):
        point = sample((e,), givens, rng)
        if point is None:
            return ""
        judge.begin(point)
        try:
            judge.judge(e)
        except Undefined:
            return "undefined"
        except Untestable:
            continue
    return ""


def planned(rule: Rule, case: Counterexample) -> Derivation:
    """A derivation by the counterexample, also where the rule cannot say what it would conclude."""
    givens = HYPOTHESES.get((rule.name, case.kind), ())
    if case.kind == "form":
        zero = Number.of(0)
        by_step = Theorem("main", zero, zero, (Step(rule.name, case.bindings, zero),))
        by_premises = Theorem("main", zero, by=Inference(rule.name, case.bindings, ()))
        return Derivation("form", givens, (by_premises if "premises" in rule.__dict__ and premised(rule) else by_step,))
    proved = tuple(e for e in rule.premises(**case.bindings) if not failure(e, givens))
    return one_step(rule, case.bindings, givens, proved)[0]


def premised(rule: Rule) -> bool:
    return any(rule.premises(**b) for b in rule.examples)


def axioms(derivation: Derivation) -> dict[str, Rule]:
    """The rules, and each premise that the derivation takes for proved."""
    taken = {t.name: t.statement for t in derivation.theorems if t.name.startswith("premise")}
    return {**RULES, **{k: Rule(k, "test", "", lambda e=e: e) for k, e in taken.items()}}


@pytest.mark.parametrize(("rule", "bindings"), EXAMPLES, ids=name)
def test_the_kernel_accepts_the_example_and_no_number_speaks_against_it(
    rule: Rule, bindings: dict[str, object]
) -> None:
    derivation, rules = one_step(rule, bindings, HYPOTHESES.get((rule.name, "example"), ()))
    certificate = check(derivation, {**RULES, **rules})
    assert certificate.derivation is derivation
    report = audit(derivation, points=15)
    assert report.refuted == ""
    assert report.lines >= 1
    assert not [u for u in report.untested if "15 of 15" in u]


@pytest.mark.parametrize(("rule", "case"), COUNTEREXAMPLES, ids=name)
def test_the_kernel_refuses_the_counterexample_and_says_why(rule: Rule, case: Counterexample) -> None:
    derivation = planned(rule, case)
    with pytest.raises(Refused) as refusal:
        check(derivation, axioms(derivation))
    if case.kind == "form":
        with pytest.raises(MALFORMED):
            (rule.conditions(**case.bindings), rule.premises(**case.bindings), rule.equation(**case.bindings))
        return
    if "theorem 'premise" in str(refusal.value):  # what the rule builds on cannot even be stated
        assert "not known to be defined" in str(refusal.value)
        return
    missing = "the premise" if case.kind == "premise" else f"side condition not met: {case.kind} "
    assert f"{rule.name}: {missing}" in str(refusal.value)


@pytest.mark.parametrize(
    ("rule", "case"), [(r, c) for r, c in COUNTEREXAMPLES if c.kind not in ("form", "premise")], ids=name
)
def test_without_the_condition_the_rule_would_be_wrong(rule: Rule, case: Counterexample) -> None:
    givens = HYPOTHESES.get((rule.name, case.kind), ())
    assert [e for e in rule.premises(**case.bindings) if failure(e, givens)] == []
    shown = failure(rule.equation(**case.bindings), givens)
    assert bool(shown) is ((rule.name, case.kind) not in UNSAMPLED)


@pytest.mark.parametrize(("rule", "case"), [(r, c) for r, c in COUNTEREXAMPLES if c.kind == "premise"], ids=name)
def test_without_the_premise_the_rule_would_be_wrong(rule: Rule, case: Counterexample) -> None:
    false = [e for e in rule.premises(**case.bindings) if failure(e, ())]
    assert len(false) == 1
    shown = failure(rule.equation(**case.bindings), ())
    assert shown == ("" if (rule.name, case.why) in DIVERGES else "false")


def kinds(rule: Rule) -> set[str]:
    """The kinds of condition a rule can state: by name in its code, and those seen at its bindings."""
    found = set(_names(rule.conditions.__code__)) & KINDS
    for bindings in rule.examples + tuple(c.bindings for c in rule.counterexamples if c.kind != "form"):
        found |= {c.kind for c in rule.conditions(**bindings)}
    return found


def _names(code: CodeType) -> set[str]:
    nested = [c for c in code.co_consts if isinstance(c, CodeType)]
    return {*code.co_names, *(c for c in code.co_consts if isinstance(c, str))}.union(*map(_names, nested))


@pytest.mark.parametrize("rule", RULED.values(), ids=name)
def test_every_rule_is_complete(rule: Rule) -> None:
    assert rule.statement
    assert rule.reason
    assert rule.source
    assert rule.examples
    assert kinds(rule) <= {c.kind for c in rule.counterexamples}
    assert {c.kind for c in rule.counterexamples} <= kinds(rule) | {"form", "premise"}
    assert all(c.why.endswith(".") and len(c.why) > 20 for c in rule.counterexamples)


@pytest.mark.parametrize("rule", [r for r in RULED.values() if premised(r)], ids=name)
def test_every_premise_has_a_counterexample(rule: Rule) -> None:
    broken = set()
    for case in rule.counterexamples:
        if case.kind == "premise":
            broken |= {n for n, e in enumerate(rule.premises(**case.bindings)) if failure(e, ())}
    assert broken == set(range(len(rule.premises(**rule.examples[0]))))


def test_no_example_is_of_a_rule_that_is_not_there() -> None:
    assert {name for topic in TOPICS for name in (*topic.EXAMPLES, *topic.COUNTEREXAMPLES)} <= set(RULES)


def test_the_kernel_does_without_examples() -> None:
    assert not any(r.examples or r.counterexamples for r in RULES.values())


def test_the_counts(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Counter(
        failure(r.equation(**c.bindings), HYPOTHESES.get((r.name, c.kind), ())) or "unsampled"
        for r, c in COUNTEREXAMPLES
        if c.kind != "form"
    )
    forms = sum(1 for _, c in COUNTEREXAMPLES if c.kind == "form")
    with capsys.disabled():
        print(
            f"\n{len(RULED)} rules, {len(EXAMPLES)} examples, {len(COUNTEREXAMPLES)} counterexamples: "
            f"{shown['false']} false, {shown['undefined']} undefined, {shown['unsampled']} beyond numbers, "
            f"{forms} that no rule builds"
        )
    assert shown["unsampled"] == len(UNSAMPLED) + len(DIVERGES)
    assert len(EXAMPLES) >= 2 * len(RULED)
