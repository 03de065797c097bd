"""The words beside an algebra step."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gradproof.expression import Add, Definition, Entry, Expr, Function, Mul, Pow, subterms
from gradproof.propose.shapes import defined

REFLECTION = r"$1 - \sigma(x) = \sigma(-x)$"


Equal = Callable[[Expr, Expr], bool]


def told(
    here: Expr, there: Expr, inside: Iterable[Definition] = (), unfolded: Iterable[str] = (), equal: Equal | None = None
) -> tuple[str | Expr, ...]:
    """The words for an algebra step that looks through definitions: which names come or go."""
    come_or_go = definitions_here(here) ^ definitions_here(there)
    used = [d for d in inside if d.name in unfolded and d.name in come_or_go]
    fraction = isinstance(here, Mul) and {type(f) for f in here.args} >= {Add, Pow} and used
    first = (
        REFLECTION
        if equal is not None and reflected(here, there, equal)
        else "split the fraction"
        if fraction
        else "rearrange"
    )
    words: list[str | Expr] = [first]
    for n, d in enumerate(used):
        several = "definitions of " if len(used) > 1 else "definition of "
        words += [f"; {several}" if n == 0 else " and " if d is used[-1] else ", ", Entry.of(d, d.parameters())]
    return tuple(words)


def definitions_here(e: Expr) -> set[str]:
    """The names that stand in the term itself."""
    return {t.base.name for t in subterms(e) if defined(t)}  # type: ignore[attr-defined]


def reflected(here: Expr, there: Expr, equal: Equal) -> bool:
    """Whether a sigma(x) of one line stands in the other as sigma(-x) only: the idea of the step, which it names."""
    before, after = (_under_sigma(e) for e in (here, there))
    return any(equal(-u, v) for u in before - after for v in after - before)


def _under_sigma(e: Expr) -> set[Expr]:
    return {t.args[0] for t in subterms(e) if isinstance(t, Function) and t.name == "sigmoid" and not t.loose}
