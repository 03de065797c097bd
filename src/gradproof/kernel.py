"""The kernel: does a derivation prove what it says? TRUSTED, with gradproof.signs and gradproof.normal.

Contract. `check` instantiates the rule of each step with the bindings the step carries, rewrites the one place the step
names, and compares with the line the step states. It searches for nothing and matches nothing. It returns a
`Certificate` or raises `Refused` with the theorem, the step and the reason. Equality of lines is up to the names of bound
indices; going under a binder gives the bound index a letter that must be new; a given, or a lemma that rests on one, is
not used where a derivative or a limit moves one of its symbols; every line must be defined on the declared domain.

Blind spot. A false rule: see gradproof.audit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gradproof.conditions import Conditions, in_range
from gradproof.derivation import Certificate, Derivation, Given, Step, Theorem
from gradproof.expression import (
    Add,
    Array,
    Binder,
    Definition,
    Derivative,
    Entry,
    Expr,
    ForAll,
    Index,
    Limit,
    Mul,
    Optimum,
    Relation,
    Sum,
    Symbol,
    abstract,
    instantiate,
    mul,
)
from gradproof.normal import Normal
from gradproof.rule import Rule
from gradproof.signs import Signs


class Refused(Exception):
    """A step does not follow; the message says where and why."""


@dataclass(frozen=True)
class Scope:
    """What stands around the rewritten place: what moves there, the letters in use, the direction of inequalities."""

    signs: Signs
    letters: frozenset[str] = frozenset()
    relation: str = "="

    def moves(self, what: Symbol | Array) -> Scope:
        return replace(self, signs=self.signs.under(what))


def compose(first: str, second: str) -> str:
    """The relation of the ends of a chain of two: = and <= give <=, < and <= give <."""
    if first == second or second == "=":
        return first
    if first == "=":
        return second
    if "<=>" not in (first, second) and first[0] == second[0]:
        return first[0]
    raise Refused(f"{first} and {second} do not combine in one chain")


def same_claim(found: Expr, stated: Expr) -> bool:
    """Whether two propositions are one, up to reading a relation from right to left."""
    if not isinstance(found, Relation):
        return found == stated
    flipped = Relation.of(found.args[1], Relation.FLIPPED[found.operator], found.args[0])
    return stated in (found, flipped)


class _Checker:
    def __init__(self, derivation: Derivation, rules: Mapping[str, Rule]) -> None:
        self.givens = derivation.givens
        self.rules = rules
        self.signs = Signs(derivation.givens)
        self.proved: dict[str, Theorem] = {}
        self.used: dict[str, frozenset[int]] = {}
        self.fixed = frozenset(i.name for g in self.givens for i in g.relation.free - set(g.over) if isinstance(i, Index))
        self.uses: set[int] = set()
        self.conditions = Conditions(self.givens, self.unmoved)

    def theorem(self, t: Theorem) -> None:
        self.uses = {n for n, g in enumerate(self.givens) if g.relation.operator not in ("=", "<=>") and not g.over}
        if t.name in self.proved or not t.name:
            raise Refused(f"the name {t.name!r} is empty or taken")
        found = self.conclude(t) if t.by else self.chain(t)
        if found != t.statement and not same_claim(found, t.statement):
            raise Refused(f"the lines prove {found!r}, the theorem states {t.statement!r}")
        self.proved[t.name], self.used[t.name] = t, frozenset(self.uses)

    def chain(self, t: Theorem) -> Relation:
        line, relation = t.start, "="
        if line is None or not t.steps:
            raise Refused("a chain needs a first line and at least one step")
        self.defined(line)
        for n, step in enumerate(t.steps, 1):
            try:
                scope = Scope(self.signs, letters=frozenset(x.name for x in line.free) | self.fixed, relation=step.relation)
                line = self.rewrite(line, step.at, step.opened, step, scope)
                if line != step.result:
                    raise Refused(f"the rule gives {line!r}, the step states {step.result!r}")
                self.defined(line)
                relation = step.relation if n == 1 else compose(relation, step.relation)
            except (Refused, TypeError, ValueError, KeyError, IndexError, AttributeError) as why:
                raise Refused(f"step {n} ({step.rule}): {why}") from None
        if relation == "=" and isinstance(line, Relation | ForAll):
            relation = "<=>"
        return Relation.of(t.start, relation, line)  # type: ignore[arg-type]

    def conclude(self, t: Theorem) -> Expr:
        by, rule = t.by, self.rules[t.by.rule]  # type: ignore[union-attr]
        premises = rule.premises(**by.bindings)  # type: ignore[union-attr]
        stated = [s for name in by.premises for s in self.generalised(self.proved[name])]  # type: ignore[union-attr]
        for p in premises:
            if not any(same_claim(s, p) for s in stated) and not self.signs.holds(p):
                raise Refused(f"{rule.name}: the premise {p!r} has not been proved")
        self.uses |= {n for name in by.premises for n in self.used[name]}  # type: ignore[union-attr]
        return self.licensed(rule, by.bindings, self.signs)  # type: ignore[union-attr]

    def licensed(self, rule: Rule, bindings: Mapping[str, Any], signs: Signs) -> Expr:
        """What the rule says of these bindings, its side conditions being met."""
        for c in rule.conditions(**bindings):
            if not self.conditions.satisfied(c, signs):
                raise Refused(f"{rule.name}: the side condition does not hold: {c.kind} {', '.join(map(repr, c.terms))}")
        return rule.equation(**bindings)

    def generalised(self, t: Theorem) -> tuple[Expr, Expr]:
        """The statement, and the same for all values of its free indices, which no given fixes."""
        closed = t.statement
        for i in reversed([i for i in t.over if i.name not in self.fixed]):
            closed = ForAll.over(i, closed)
        return t.statement, closed

    def defined(self, line: Expr) -> None:
        if missing := self.signs.undefined(line):
            raise Refused(f"the line is not known to be defined: {missing}")

    # -- the one inference --------------------------------------------------------------------------------------------

    def rewrite(self, e: Expr, at: tuple[int, ...], opened: tuple[str, ...], step: Step, scope: Scope) -> Expr:
        if not at:
            return self.infer(e, step, scope)
        n, below = at[0], at[1:]
        if isinstance(e, Optimum | Entry) or isinstance(e, Derivative | Limit) and n != 0 or isinstance(e, Binder) and n != 1:
            raise Refused(f"no rewriting at position {n} of {e!r}")
        if scope.relation not in ("=", "<=>"):
            scope = self.monotone(e, n, scope)
        if isinstance(e, Binder):
            letter = opened[0] if opened else ""
            if not letter or letter in scope.letters:
                raise Refused(f"the bound index of {e!r} needs a letter that is not in use, not {letter!r}")
            index = Index.of(letter, e.size)
            inner = replace(scope, letters=scope.letters | {letter})
            return e.rebuild((e.size, abstract(self.rewrite(e.open(index), below, opened[1:], step, inner), (index,))))
        if isinstance(e, Derivative | Limit):
            scope = scope.moves(e.moved if isinstance(e, Derivative) else e.data[0])
        return e.rebuild((*e.args[:n], self.rewrite(e.args[n], below, opened, step, scope), *e.args[n + 1 :]))

    def monotone(self, e: Expr, n: int, scope: Scope) -> Scope:
        """An inequality passes through sums, and through products by the sign of the other factors."""
        if isinstance(e, Mul):
            others = mul(*e.args[:n], *e.args[n + 1 :])
            if scope.signs.nonnegative(others):
                return scope
            if scope.signs.nonnegative(-others):
                return replace(scope, relation=Relation.FLIPPED[scope.relation])
        if isinstance(e, Add | Sum):
            return scope
        raise Refused(f"an inequality does not pass through {e!r} at position {n}")

    def infer(self, e: Expr, step: Step, scope: Scope) -> Expr:
        b = step.bindings
        if step.rule == "algebra":
            return self.algebra(e, b["to"], Normal(scope.signs, b.get("unfold", ())), scope)
        if step.rule == "sign":
            if not scope.signs.holds(Relation.of(e, scope.relation, b["to"])):
                raise Refused(f"the signs of the declared symbols do not give {e!r} {scope.relation} {b['to']!r}")
            return b["to"]  # type: ignore[no-any-return]
        equation = self.equation(step.rule, b, scope)
        left, right, operator = *equation.args, equation.operator
        if step.backwards:
            left, right, operator = right, left, Relation.FLIPPED[operator]
        if operator != scope.relation and (operator, scope.relation) not in ((">", ">="), ("<", "<=")):
            raise Refused(f"the rule states {operator}, here the step claims {scope.relation}")
        if e != left:
            raise Refused(f"the rule is about {left!r}, at this place stands {e!r}")
        return right

    def equation(self, name: str, b: Mapping[str, Any], scope: Scope) -> Relation:
        if name == "given":
            return self.given(self.givens[b["number"]], b["number"], tuple(b.get("indices", ())), scope)
        if name == "definition":
            entry = b["entry"]
            if not (isinstance(entry, Entry) and isinstance(entry.base, Definition)):
                raise Refused(f"{entry!r} has no definition")
            return Relation.of(entry, "=", entry.base.unfold(entry.args))
        if name == "lemma":
            return self.lemma(b["name"], b.get("old", ()), b.get("new", ()), scope)
        if name not in self.rules:
            raise Refused(f"there is no rule of this name: {name!r}")
        return self.licensed(self.rules[name], b, scope.signs)

    def algebra(self, e: Expr, to: Expr, normal: Normal, scope: Scope) -> Expr:
        if isinstance(e, Relation) and isinstance(to, Relation) and scope.relation in ("=", "<=>"):
            gap = [r.args[0] - r.args[1] for r in (e, to)]
            if e.operator == to.operator and normal.equal(*gap):
                return to
            if Relation.FLIPPED[e.operator] == to.operator and normal.equal(gap[0], -gap[1]):
                return to
        elif scope.relation == "=" and not isinstance(e, Relation | ForAll | Optimum) and normal.equal(e, to):
            return to
        raise Refused(f"algebra does not show that {e!r} is {to!r}")

    def unmoved(self, number: int, signs: Signs) -> None:
        if clash := self.givens[number].relation.free & signs.moving:
            who = ", ".join(sorted(x.name for x in clash))
            raise Refused(f"given {number} is about {who}, which moves here (derivative or limit)")
        self.uses.add(number)

    def given(self, g: Given, number: int, values: tuple[Expr, ...], scope: Scope) -> Relation:
        self.unmoved(number, scope.signs)
        if g.apart or len(values) != len(g.over):
            raise Refused(f"given {number} takes {len(g.over)} indices that are known to differ where it says so")
        self.ranges(g.over, values)
        return instantiate(abstract(g.relation, g.over), values)  # type: ignore[return-value]

    def lemma(self, name: str, old: tuple[Index, ...], new: tuple[Expr, ...], scope: Scope) -> Relation:
        for n in self.used[name]:
            self.unmoved(n, scope.signs)
        if fixed := [i for i in old if i.name in self.fixed]:
            raise Refused(f"lemma {name!r} is about one {fixed[0].name}, not about every one")
        self.ranges(old, new)
        statement = instantiate(abstract(self.proved[name].statement, old), new)
        return statement if isinstance(statement, Relation) else Relation.of(statement, "=", statement)

    def ranges(self, indices: tuple[Index, ...], values: tuple[Expr, ...]) -> None:
        for i, v in zip(indices, values, strict=True):
            if not isinstance(i, Index) or not in_range(v, i.size):
                raise Refused(f"{v!r} is not known to be in the range of {i!r}")


def check(derivation: Derivation, rules: Mapping[str, Rule]) -> Certificate:
    """Check every theorem of a derivation, in order. Raises `Refused` at the first step that does not follow."""
    checker = _Checker(derivation, rules)
    for t in derivation.theorems:
        try:
            checker.theorem(t)
        except Refused as why:
            raise Refused(f"theorem {t.name!r}: {why}") from None
        except (KeyError, TypeError, ValueError, AttributeError) as why:
            raise Refused(f"theorem {t.name!r}: the record is not well formed ({type(why).__name__}: {why})") from None
    return Certificate(derivation, checker.used, sum(len(t.steps) for t in derivation.theorems))
