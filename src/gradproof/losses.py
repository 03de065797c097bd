"""The derivative of a loss as a term: a loss that came without a name gets one, so that a page need not repeat it.

Contract. The name is a letter that none of the other terms of the question uses; what it stands for is a definition
like any other. Raises BadInput where there is no derivative in the variable.

Blind spot. A family of terms is not named, unless its only index is the class t, which stands for one loss.
"""

from __future__ import annotations

from collections.abc import Iterable

from gradproof.errors import BadInput
from gradproof.expression import (
    Definition,
    Derivative,
    Entry,
    Expr,
    ForAll,
    Index,
    Optimum,
    Relation,
    abstract,
    definitions,
    names,
)
from gradproof.render.formulas import text

LETTERS = ("L", "J", "E", "F", "G", "H")


def derivative(loss: Expr, variable: Expr, others: Iterable[Expr]) -> Expr:
    """The derivative of a loss, which gets a name that none of the `others` has."""
    return _differentiated(_named(loss, others), variable)


def _named(loss: Expr, others: Iterable[Expr]) -> Expr:
    """The loss by a name: its own, else a letter that is free. A family is named only if the class t is its index."""
    letters = tuple(i for i in loss.free if isinstance(i, Index))
    if isinstance(loss, Entry | Relation | ForAll | Optimum) or not loss.args or any(i.name != "t" for i in letters):
        return loss
    taken = {n for e in others for n in (*names(e), *(d.name for d in definitions(e)))}
    name = next((n for n in LETTERS if n not in taken), None)
    if name is None:
        return loss
    sizes = tuple(i.size for i in letters)
    return Definition(name, sizes, abstract(loss, letters), tuple(i.name for i in letters))[letters]


def _differentiated(e: Expr, variable: Expr) -> Expr:
    try:
        found = Derivative.of(e, variable)
    except ValueError:
        raise BadInput(
            "a derivative is taken in a symbol, or in an entry of an array",
            expected="wrt=a or wrt=z[k]",
            found=text(variable),
        ) from None
    if found.moved.domain.integer:
        raise BadInput(
            f"a derivative is taken in a real variable, and {found.moved.name} takes whole numbers only",
            expected="wrt=a or wrt=z[k], declared with scalar, vector or matrix",
            found=text(variable),
        )
    return found
