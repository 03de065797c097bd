"""What a formula says of its letters: every use of a name, and every place where two letters meet.

Contract. One walk over a tree; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gradproof.reader.grammar.walking import bound_in, children
from gradproof.reader.inference.splitting import Formula, Use
from gradproof.reader.syntax import (
    Big,
    Call,
    Chain,
    Component,
    Deriv,
    Expect,
    Family,
    Grad,
    Indicator,
    Kronecker,
    Member,
    Name,
    Node,
    Part,
    Range,
    Verbatim,
)

Scope = Mapping[str, Node]

PLACED = (Big, Expect, Family, Range, Kronecker, Indicator, Call, Component, Deriv, Grad, Chain, Member)


@dataclass(frozen=True)
class Spot:
    """A node that says something of letters, and where it stands."""

    node: Node
    bound: Scope
    formula: int


@dataclass
class Collected:
    uses: list[Use] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)


def collect(formulas: tuple[Formula, ...]) -> Collected:
    found = Collected()
    for number, formula in enumerate(formulas):
        _walk(formula.tree, {}, number, False, found)
    return found


def _walk(node: Node, bound: Scope, formula: int, opaque: bool, found: Collected) -> None:
    if isinstance(node, Name | Verbatim):
        found.uses.append(Use(node, bound, formula, opaque))
    for part in children(node):
        if isinstance(part, Part) and isinstance(part.entry, Name):
            _walk(part.entry, bound, formula, True, found)
    if isinstance(node, Name | Verbatim):
        return
    if isinstance(node, PLACED):
        found.spots.append(Spot(node, bound, formula))
    for child in children(node):
        if isinstance(child, Part):
            continue
        letters = bound_in(node, child)
        inner = {**bound, **dict(letters)} if letters else bound
        if isinstance(node, Call) and child is node.name:
            found.uses.append(Use(node.name, bound, formula, opaque, r"\mid" in node.separators))
            continue
        _walk(child, inner, formula, opaque or isinstance(node, Call), found)
