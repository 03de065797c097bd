"""No letter is bound in one place of a formula and free in another.

Contract. `check_scopes` raises ReadError with advice: brackets around what the sum reaches, or another letter.
"""

from __future__ import annotations

from typing import NoReturn

from gradproof.reader.errors import ReadError, Source, Span
from gradproof.reader.inference.collecting import Collected
from gradproof.reader.inference.splitting import Formula, Use
from gradproof.reader.syntax import Big, Component, Expect, Family, Kronecker, Letter, Name, Node, Part, Range


def check_scopes(collected: Collected, formulas: tuple[Formula, ...]) -> None:
    """No letter may be bound in one place of a formula and free in another."""
    binders: dict[int, dict[str, Node]] = {}
    for spot in collected.spots:
        if isinstance(spot.node, Big | Expect | Family | Range) and isinstance(spot.node.letter, Letter):
            binders.setdefault(spot.formula, {}).setdefault(spot.node.letter.text, spot.node.letter)
    if not binders:
        return
    for use in collected.uses:
        for letter, at in _free_letters(use):
            binder = binders.get(use.formula, {}).get(letter)
            if binder is not None:
                _bound_and_free(formulas[use.formula].source, letter, binder, at)
    for spot in collected.spots:
        if isinstance(spot.node, Kronecker | Component):
            for p in _parts(spot.node):
                binder = binders.get(spot.formula, {}).get(p.text)
                if p.text not in spot.bound and binder is not None:
                    _bound_and_free(formulas[spot.formula].source, p.text, binder, p.at)


def _bound_and_free(source: Source, letter: str, binder: Node, at: Span) -> NoReturn:
    after = at.start > binder.at.start
    advice = f"put what the sum over {letter} reaches into brackets" if after else ""
    another = f"use another letter than {letter} for the index of the sum"
    message = f"the index {letter} is bound by a sum and also stands outside it"
    raise ReadError(message, source, at, advice=f"{advice}, or {another}" if advice else another)


def _free_letters(use: Use) -> list[tuple[str, Span]]:
    """The letters of a name that no sum around it binds, the name itself included."""
    found = [(x, p.at) for p in use.name.parts for x in (p.text, *p.letters) if p.kind in ("letter", "other")]
    if isinstance(use.name, Name) and use.name.letter:
        found.append((use.name.letter, use.name.at))
    return [(x, at) for x, at in found if x not in use.bound]


def _parts(node: Kronecker | Component) -> tuple[Part, ...]:
    return node.parts if isinstance(node, Component) else (node.left, node.right)
