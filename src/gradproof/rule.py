"""Rules: what the kernel may use without proof.

Contract. A rule is an equation (or inequality, or proposition) as a function of its bindings, with side conditions that
the kernel discharges. A rule is data: it never searches, and whoever uses it says with which bindings.

Blind spot. Nothing here, nor in the kernel, can see that a rule is false; its examples, its counterexamples and
`gradproof.audit` are there for that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gradproof.expression import Expr, Relation

Bindings = Mapping[str, Any]  # name -> Expr, or a tuple of Expr


@dataclass(frozen=True)
class Condition:
    """A side condition: kind and terms, for example Condition("positive", (p,)).

    Kinds: positive, nonnegative, nonzero (a term); constant (a term, a variable: the derivative in the variable does
    not move the term); independent (a term, a bound index that must not occur in it); in_range (an index, a size);
    number (a term that is an exact number); whole (a term that is a whole number, by its form); distinct (two numbers
    that differ); holds (a relation that the signs establish); identity (an equation that the normal form shows, looking
    through all definitions); symmetric (an entry of a matrix that is its own transpose); defined (a term);
    unconstrained (a symbol that no given mentions); assumed (a relation, an index, another: a given says the relation
    for every index but the other); feasible (an array, a family: what the givens and the domain say of the array is
    given of the family too); continuous (a term by its form, in a variable or in all); settled (a term, a variable: the
    derivative in the variable moves the term at most through orders that have no ties).
    """

    kind: str
    terms: tuple[Expr, ...]


def positive(e: Expr) -> Condition:
    return Condition("positive", (e,))


def nonnegative(e: Expr) -> Condition:
    return Condition("nonnegative", (e,))


def nonzero(e: Expr) -> Condition:
    return Condition("nonzero", (e,))


def constant(e: Expr, variable: Expr) -> Condition:
    return Condition("constant", (e, variable))


def independent(e: Expr, index: Expr) -> Condition:
    return Condition("independent", (e, index))


def in_range(index: Expr, size: Expr) -> Condition:
    return Condition("in_range", (index, size))


def number(e: Expr) -> Condition:
    return Condition("number", (e,))


def defined(e: Expr) -> Condition:
    return Condition("defined", (e,))


def holds(relation: Relation) -> Condition:
    return Condition("holds", (relation,))


@dataclass(frozen=True)
class Counterexample:
    """Bindings that break one side condition (`kind`) and would give something false; `why` says what goes wrong."""

    bindings: Bindings
    kind: str
    why: str


def _nothing(**_: Any) -> tuple[Any, ...]:
    return ()


@dataclass(frozen=True)
class Rule:
    """One axiom.

    `equation(**bindings)` is the relation it licenses, `conditions(**bindings)` what must hold first,
    `premises(**bindings)` the propositions that must have been proved first (for rules that conclude a theorem).
    `statement` is its schema in LaTeX, `reason` the words beside a line, `source` where it is proved.
    """

    name: str
    topic: str
    statement: str
    equation: Callable[..., Expr]
    reason: str = ""
    conditions: Callable[..., tuple[Condition, ...]] = _nothing
    premises: Callable[..., tuple[Expr, ...]] = _nothing
    source: str = ""
    examples: tuple[Bindings, ...] = ()
    counterexamples: tuple[Counterexample, ...] = field(default=())
