"""Derivations as inert data: givens, theorems, steps.

Contract. Everything a checker needs stands here: each step names its rule, the bindings, the place, the letters given
to the binders it goes under, and the line that results. Nothing here computes or decides anything.

Blind spot. A derivation may be wrong; only `gradproof.kernel.check` says that it is not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from gradproof.expression import Expr, ForAll, Index, Relation

# The inferences built into the kernel; every other name is a rule of gradproof.rules.
ALGEBRA, GIVEN, DEFINITION, LEMMA, SIGN = "algebra", "given", "definition", "lemma", "sign"


@dataclass(frozen=True)
class Given:
    """A hypothesis: the relation holds at all values of the indices in `over`, where the pairs in `apart` differ."""

    relation: Relation
    over: tuple[Index, ...] = ()
    apart: tuple[tuple[Index, Index], ...] = ()
    text: str = ""  # LaTeX to print instead of the relation, such as "y \\text{ is one-hot at } t"

    def closed(self) -> Expr:
        """The hypothesis as a proposition, with `over` bound by "for all"; `apart` is not part of it."""
        found: Expr = self.relation
        for i in reversed(self.over):
            found = ForAll.over(i, found)
        return found


@dataclass(frozen=True)
class Step:
    """One inference: rewrite the term at `at` of the line before by `rule`, giving `result` as the new line.

    `at` is a path of child positions from the root; `opened` the letters given, outermost first, to the binders on that
    path, which is how `bindings` name the bound indices. `relation` is how the new line relates to the one before.
    `shown` is the coarsest level of detail that prints the line: 0 full only, 1 normal too, 2 also brief.

    The built-in rules and their bindings:
      algebra     to: the new term at `at`; unfold: names of definitions the normal form may look through
      given       number: which given; indices: the values for its `over`
      definition  entry: the defined entry that is replaced by its body (or, backwards, put in its place)
      lemma       name: which earlier theorem of the derivation; indices: (old, new) index pairs, flattened
      sign        to: the bound; from the signs of the declared symbols alone (ends a chain in > 0, >= 0, ...)
    """

    rule: str
    bindings: Mapping[str, Any]  # Expr, str, int, or a tuple of these
    result: Expr
    at: tuple[int, ...] = ()
    opened: tuple[str, ...] = ()
    relation: str = "="
    backwards: bool = False
    shown: int = 0


@dataclass(frozen=True)
class Inference:
    """A theorem by a rule that concludes from premises: theorems proved before it, by name."""

    rule: str
    bindings: Mapping[str, Any]
    premises: tuple[str, ...]


@dataclass(frozen=True)
class Theorem:
    """A chain of lines from `start` through `steps`, or a conclusion drawn `by` a rule; proves `statement`.

    For a chain the statement is (start, relation, last line), where "=" and "<=" compose to "<=" and so on.
    """

    name: str
    statement: Relation | Expr
    start: Expr | None = None
    steps: tuple[Step, ...] = ()
    by: Inference | None = None
    title: str = ""
    over: tuple[Index, ...] = ()  # its free indices: it holds for all of them
    role: str = "lemma"  # "lemma", or "claim" for what the statement asked for
    bounds: tuple[str, ...] = ()  # theorems before it, comparisons with a number, which its signs know

    def closed(self, fixed: Collection[str] = ()) -> Expr:
        """The statement for all values of its free indices, those named `fixed` apart."""
        found = self.statement
        for i in reversed(self.over):
            found = found if i.name in fixed else ForAll.over(i, found)
        return found

    def as_given(self, fixed: Collection[str] = ()) -> Given:
        """A proved comparison in the form of a hypothesis, for all values of its free indices, those `fixed` apart."""
        if not isinstance(self.statement, Relation):
            raise ValueError(f"{self.statement!r} is no comparison with a number")
        return Given(self.statement, tuple(i for i in self.over if i.name not in fixed))


@dataclass(frozen=True)
class Derivation:
    """Givens and theorems in order; each theorem may use those before it."""

    title: str
    givens: tuple[Given, ...]
    theorems: tuple[Theorem, ...]
    number: str = ""
    source: str = ""

    @property
    def claims(self) -> tuple[Theorem, ...]:
        return tuple(t for t in self.theorems if t.role == "claim")


def compose(first: str, second: str) -> str:
    """The relation of the ends of a chain of two: = and <= give <=, < and <= give <. ValueError where none holds."""
    if "=" in (first, second):
        return second if first == "=" else first
    if first == second and first != "!=":
        return first
    if {first, second} in ({"<", "<="}, {">", ">="}):
        return first[0]
    raise ValueError(f"{first} and {second} do not combine in one chain")


@dataclass(frozen=True)
class AuditReport:
    """What the audit did: lines and points really evaluated, the worst relative difference, lines it could not test."""

    lines: int
    points: int
    worst: float
    sizes: tuple[int, ...]
    untested: tuple[str, ...] = ()
    refuted: str = ""  # where it fails, or empty


@dataclass(frozen=True)
class Certificate:
    """What the kernel says of a derivation it has accepted: the theorems proved and the givens each rests on."""

    derivation: Derivation
    used: Mapping[str, frozenset[int]]  # theorem name -> positions in derivation.givens
    steps: int
