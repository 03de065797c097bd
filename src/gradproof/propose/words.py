"""The words beside an algebra step."""

from __future__ import annotations

from collections.abc import Iterable

from gradproof.expression import Add, Definition, Entry, Expr, Mul, Pow, subterms
from gradproof.propose.shapes import defined


def told(here: Expr, there: Expr, inside: Iterable[Definition], unfolded: Iterable[str]) -> tuple[str | Expr, ...]:
    """The words for an algebra step that looks through definitions: which names come or go."""
    come_or_go = definitions_here(here) ^ definitions_here(there)
    used = [d for d in inside if d.name in unfolded and d.name in come_or_go]
    fraction = isinstance(here, Mul) and {type(f) for f in here.args} >= {Add, Pow} and used
    words: list[str | Expr] = ["split the fraction" if fraction else "rearrange"]
    for d in used:
        words += ["; definition of ", Entry.of(d, d.parameters())]
    return tuple(words)


def definitions_here(e: Expr) -> set[str]:
    """The names that stand in the term itself."""
    return {t.base.name for t in subterms(e) if defined(t)}  # type: ignore[attr-defined]
