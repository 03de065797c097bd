"""The declarations with which what gradproof prints is read back.

Contract. `read(formula_latex(e), environment_of(e)) == e` for every term e of the language, inverses, determinants and
unknown functions apart: those are refused as not readable yet.

Blind spot. Two symbols that print alike, as z1 and z_1, cannot both be declared: that is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gradproof import expression as x
from gradproof.expression import Array, Definition, Expr, Index, Unknown
from gradproof.reader.declarations import Declarations, Thing, letter_from
from gradproof.reader.environment import Environment
from gradproof.reader.errors import NotReadable, ReadError, Source, Span
from gradproof.render.formulas import LATEX


def environment_of(*terms: Expr) -> Environment:
    """An environment in which what gradproof prints of these terms reads back as the same terms."""
    found = Declarations()
    things: dict[Thing, None] = {}
    indices: dict[str, Index] = {}
    for e in terms:
        for f in _depends(e):
            if isinstance(f, Index):
                _free_index(f, indices)
            elif isinstance(f, Unknown):
                raise NotReadable("an unknown function with its derivatives", Source(f.name), Span(0, len(f.name)))
            else:
                things[f] = None
    for thing in tuple(things):
        if isinstance(thing, Array | Definition):
            things.update(dict.fromkeys(f for size in thing.shape for f in size.free))
    for thing in things:
        found = found.with_thing(thing)
    found = replace(found, indices=indices)
    return Environment(found, (), found)


def _depends(e: Expr) -> Iterator[Thing | Index | Unknown]:
    """What a term mentions, its definitions and what they rest on, and what its limits and optima move."""
    for definition in x.definitions(e):
        yield definition
        yield from definition.body.free
    for t in x.subterms(e):
        if isinstance(t, x.Limit):
            yield t.data[0]
        elif isinstance(t, x.Optimum):
            yield t.data[1]
    yield from e.free


def _free_index(index: Index, found: dict[str, Index]) -> None:
    letter = letter_from(LATEX.letter(index.name))
    if found.setdefault(letter, index) != index:
        raise ReadError(f"two indices are called {letter}", Source(letter), Span(0, len(letter)))
