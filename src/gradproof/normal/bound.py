"""Indices and variables that the normal form opens binders with. TRUSTED.

Contract. They are of classes of their own, so that no term or given from outside can mention them; `anonymous` gives a
mean back with such a variable, one that is not free in its body.

Blind spot. Where a derivative or another mean inside the body moves or binds the same symbol, it keeps its name.
"""

from __future__ import annotations

from gradproof.expression import Expectation, Index, Symbol, substitute


class Opened(Index):
    """The index that a sum or product is opened with."""

    __slots__ = ()


class Variable(Symbol):
    """The variable of an expectation."""

    __slots__ = ()


def anonymous(e: Expectation) -> Expectation:
    """The same mean, the same for every name of its variable."""
    number = 1
    while (v := Variable.of(f"#{number}", e.symbol.domain)) in e.body.free:
        number += 1
    try:
        return Expectation((substitute(e.body, e.symbol, v), *e.args[1:]), (v, e.data[1]))
    except ValueError:
        return e
