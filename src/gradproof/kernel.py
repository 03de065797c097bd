"""The kernel: does a derivation prove what it says? TRUSTED, with gradproof.conditions, signs and normal.

Contract. `check` instantiates the rule of each step with the bindings the step carries, rewrites the one place the step
names, and compares with the line the step states: no search, no matching. Lines are equal up to the names of bound
indices; under a binder the bound index gets a letter that must be new; a given, or a lemma resting on one, is not used
where a derivative or a limit moves one of its symbols; every line must be defined on the declared domain.

Blind spot. A false rule: see gradproof.audit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import gradproof.expression as x
from gradproof.conditions import OPEN, Conditions, anywhere, at_indices, nearby, whole
from gradproof.derivation import Certificate, Derivation, Given, Inference, Step, Theorem, compose
from gradproof.expression import Expr, Index, Relation, abstract
from gradproof.normal import Normal
from gradproof.rule import Rule
from gradproof.signs import INCREASING, Signs

MALFORMED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)  # what a bad record raises


class Refused(Exception):
    """A step does not follow; the message says where and why."""


@dataclass(frozen=True)
class Scope:
    """What stands around the rewritten place: the signs there, the letters in use, the direction of an inequality."""

    signs: Signs
    letters: frozenset[str]
    relation: str


class _Checker:
    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.rules, self.place = rules, "the derivation"
        self.proved, self.used, self.uses = dict[str, Theorem](), dict[str, frozenset[int]](), set[int]()

    def assume(self, givens: tuple[Given, ...]) -> None:
        whole(*(g.relation for g in givens))
        self.givens, self.plain = dict(enumerate(givens)), Signs(givens)
        self.conditions = Conditions(givens, self.use)
        about = [g.relation.free.union(*g.apart).difference(g.over) for g in givens]
        self.fixed = {i.name for free in about for i in free if isinstance(i, Index)}

    def theorem(self, t: Theorem) -> None:
        self.place = f"theorem {t.name!r}"
        self.uses = {n for n, g in self.givens.items() if g.relation.operator not in ("=", "<=>") and not g.apart}
        if t.name in self.proved or not t.name:
            raise Refused(f"the name {t.name!r} is empty or taken")
        self.uses |= {n for name in t.bounds for n in self.used[name]}
        self.signs = self.plain.knowing(tuple(self.proved[name].as_given(self.fixed) for name in t.bounds))
        found = self.conclusion(t.by) if t.by else self.chain(t)
        if missing := self.signs.undefined(found):
            raise Refused(f"the statement is not known to be defined: {missing}")
        if not found.states(t.statement):
            raise Refused(f"the lines prove {found!r}, the theorem states {t.statement!r}")
        self.proved[t.name], self.used[t.name] = t, frozenset(self.uses)

    def chain(self, t: Theorem) -> Relation:
        line, relation = t.start, "="
        if line is None or not t.steps:
            raise Refused("a chain needs a first line and at least one step")
        for n, step in enumerate(t.steps, 1):
            self.place = f"theorem {t.name!r}: step {n} ({step.rule})"
            whole(line, *step.bindings.values())
            scope = Scope(self.signs, frozenset(s.name for s in line.free) | self.fixed, step.relation)
            before, line = line, self.rewrite(line, step.at, step.opened, step, scope)
            if line != step.result:
                raise Refused(f"the rule gives {line!r}, the step states {step.result!r}")
            if missing := self.signs.undefined(before) or self.signs.undefined(line):
                raise Refused(f"the line is not known to be defined: {missing}")
            relation = compose(relation, step.relation)
        proposition = relation == "=" and isinstance(line, Relation | x.ForAll)
        return Relation.of(t.start, "<=>" if proposition else relation, line)  # type: ignore[arg-type]

    def conclusion(self, by: Inference) -> Expr:
        rule, bindings = self.rule(by.rule), by.bindings
        whole(*bindings.values())
        named = [self.proved[name] for name in by.premises]
        known = [s for t in named for s in (t.statement, t.closed(self.fixed))]
        for premise in rule.premises(**bindings):
            if not any(k.states(premise) for k in known) and not self.signs.holds(premise):
                raise Refused(f"{rule.name}: the premise {premise!r} has not been proved")
        self.uses |= {n for name in by.premises for n in self.used[name]}
        return self.licensed(rule, bindings, self.signs)

    def rewrite(self, e: Expr, at: tuple[int, ...], opened: tuple[str, ...], step: Step, scope: Scope) -> Expr:
        if not at:
            return self.infer(e, step, scope)
        n, below = at[0], at[1:]
        only = 1 if isinstance(e, x.Binder) else 0 if isinstance(e, x.Derivative | x.Limit) else n
        if not isinstance(e, OPEN) or n != only or n < 0:
            raise Refused(f"no rewriting at position {n} of {e!r}")
        if scope.relation not in ("=", "<=>"):
            scope = self.monotone(e, n, scope)
        if isinstance(e, x.Binder):
            letter = opened[0] if opened else ""
            if not letter or letter in scope.letters:
                raise Refused(f"the bound index of {e!r} needs a letter that is not in use, not {letter!r}")
            index, scope = Index.of(letter, e.size), replace(scope, letters=scope.letters | {letter})
            return e.rebuild((e.size, abstract(self.rewrite(e.open(index), below, opened[1:], step, scope), (index,))))
        scope = replace(scope, signs=scope.signs.within(e, n))
        return e.rebuild((*e.args[:n], self.rewrite(e.args[n], below, opened, step, scope), *e.args[n + 1 :]))

    def monotone(self, e: Expr, n: int, scope: Scope) -> Scope:
        """An inequality passes through sums, increasing functions, and products by the sign of the other factors."""
        increasing = isinstance(e, x.Add | x.Sum) or (isinstance(e, x.Function) and e.name in INCREASING)
        increasing = increasing or (isinstance(e, x.Expectation) and n == 0)
        known = scope.signs.positive if scope.relation in ("<", ">") else scope.signs.nonnegative
        others = x.mul(*e.args[:n], *e.args[n + 1 :])
        if scope.relation != "!=" and (increasing or (isinstance(e, x.Mul) and known(others))):
            return scope
        if scope.relation != "!=" and isinstance(e, x.Mul) and known(-others):
            return replace(scope, relation=Relation.FLIPPED[scope.relation])
        raise Refused(f"{scope.relation} does not pass through {e!r} at position {n}")

    def infer(self, e: Expr, step: Step, scope: Scope) -> Expr:
        if step.rule in ("algebra", "sign"):
            to: Expr = step.bindings["to"]
            claim = Relation.of(e, scope.relation, to)
            normal = Normal(scope.signs, step.bindings.get("unfold", ()))
            if not (scope.signs.holds(claim) if step.rule == "sign" else normal.shows(claim)):
                raise Refused(f"{step.rule} does not show that {claim!r}")
            return to
        equation = self.equation(step.rule, step.bindings, scope)
        equation = equation.flipped if step.backwards else equation
        (left, right), operator = equation.args, equation.operator
        if operator != scope.relation and (operator, scope.relation) not in ((">", ">="), ("<", "<=")):
            raise Refused(f"the rule states {operator}, here the step claims {scope.relation}")
        if e != left:
            raise Refused(f"the rule is about {left!r}, at this place stands {e!r}")
        return right

    def equation(self, name: str, b: Mapping[str, Any], scope: Scope) -> Relation:
        if name in ("given", "lemma"):
            return self.recall(name, b, scope.signs)
        if name == "definition" and isinstance(b["entry"], x.Entry):  # not an entry of the inverse of a matrix
            return Relation.of(b["entry"], "=", b["entry"].base.unfold(b["entry"].args))  # type: ignore[union-attr]
        if self.rule(name).premises(**b):
            raise Refused(f"{name} concludes a theorem from premises and does not rewrite a line")
        return self.licensed(self.rule(name), b, scope.signs)  # type: ignore[return-value]

    def rule(self, name: str) -> Rule:
        if name not in self.rules:
            raise Refused(f"there is no rule {name!r}")
        return self.rules[name]

    def licensed(self, rule: Rule, bindings: Mapping[str, Any], signs: Signs) -> Expr:
        for c in rule.conditions(**bindings):
            if anywhere(c, bindings) & self.fixed or not self.conditions.satisfied(c, signs):
                raise Refused(f"{rule.name}: side condition not met: {c.kind} {', '.join(map(repr, c.terms))}")
        return rule.equation(**bindings)

    def use(self, number: int, signs: Signs) -> None:
        """Note the use of a given; refused where one of its symbols is bound or moves, unless it holds nearby too."""
        about, moving = self.givens[number].relation, signs.moving | signs.bound
        if (clash := about.free & moving) and not (clash.isdisjoint(signs.bound) and signs.stays(about)):
            name = min(s.name for s in clash)
            raise Refused(f"given {number} is about {name}, which a derivative, limit or mean moves here")
        self.uses.add(number)

    def recall(self, name: str, b: Mapping[str, Any], signs: Signs) -> Relation:
        """A given or an earlier theorem, at values of the indices that it holds for."""
        if name == "given":
            g = self.givens[b["number"]]
            if g.apart:
                raise Refused("the given holds for different indices only, which is not known here")
            self.use(b["number"], signs)
            return at_indices(g.relation, g.over, tuple(b.get("indices", ())))
        if b["name"] not in self.proved:
            raise Refused(f"there is no theorem {b['name']!r} before this one")
        for n in self.used[b["name"]]:
            self.use(n, signs)
        nearby(self.proved[b["name"]].statement, signs)
        old = tuple(b.get("old", ()))
        if fixed := [i.name for i in old if i.name in self.fixed]:
            raise Refused(f"the lemma is about one {fixed[0]}, not about every one")
        return at_indices(self.proved[b["name"]].statement, old, tuple(b.get("new", ())))


def check(derivation: Derivation, rules: Mapping[str, Rule]) -> Certificate:
    """Check every theorem, in order. Raises `Refused` with place and reason at the first that does not follow."""
    checker = _Checker(rules)
    try:
        checker.assume(derivation.givens)
        for t in derivation.theorems:
            checker.theorem(t)
        return Certificate(derivation, checker.used, sum(len(t.steps) for t in derivation.theorems))
    except (Refused, ValueError) as why:
        raise Refused(f"{checker.place}: {why}") from None
    except MALFORMED as why:
        raise Refused(f"{checker.place}: the record is malformed: {why!r}") from None
