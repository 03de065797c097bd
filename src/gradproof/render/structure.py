"""What a printer must know of a term's shape: its sign, its quotients, the variables of a derivative.

Contract. A quotient is found only where dividing by what stands below the line, factor by factor in the order written,
builds the same factors, so that a printed fraction stands for this term and no other.

Blind spot. The order of factors is taken as it is; y * p**-1 is a fraction, p**-1 * y is 1/p times y.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from gradproof import expression as x
from gradproof.expression import Expr, Number

ONE, MINUS = Number.of(1), Number.of(-1)


def coefficient(e: Expr) -> Fraction:
    """The number in front of a term; 1 if there is none."""
    front = e.args[0] if isinstance(e, x.Mul) else e
    return front.value if isinstance(front, Number) else Fraction(1)


def denominator(e: Expr) -> Expr | None:
    """What stands below the line if the factor is printed as 1/..., or None if it is not."""
    if not (isinstance(e, x.Pow) and isinstance(e.args[1], Number) and e.args[1].value < 0):
        return None
    below = x.power(e.args[0], Number.of(-e.args[1].value))
    return below if not isinstance(below, Number) and x.divide(ONE, below) == e else None


def quotients(factors: Sequence[Expr]) -> list[tuple[list[Expr], list[Expr]]]:
    """The factors in order, in groups of (above the line, below the line); only the last may have nothing below."""
    found: list[tuple[list[Expr], list[Expr]]] = [([], [])]
    for f in factors:
        below = denominator(f)
        if below is not None:
            found[-1][1].append(below)
        elif found[-1][1]:
            found.append(([f], []))
        else:
            found[-1][0].append(f)
    return found


def runs(variables: Sequence[Expr]) -> list[tuple[Expr, int]]:
    """Equal neighbours counted: z, z, w -> (z, 2), (w, 1)."""
    return [(v, len(tuple(same))) for v, same in groupby(variables)]


def is_only_variable(body: Expr, variable: Expr) -> bool:
    """Whether the body depends on this scalar alone, sizes and indices aside: then d/dx is written for it."""
    fixed = {v for v in body.free if isinstance(v, x.Index) or (isinstance(v, x.Symbol) and v.domain.integer)}
    return isinstance(variable, x.Symbol) and body.free - fixed <= {variable}


def seen(index: x.Index, body: Expr) -> bool:
    """Whether the index stands as an index of some name, so that its range need not be said."""
    return any(isinstance(t, x.Entry | x.OfMatrix) and index in t.args for t in x.subterms(body))


@dataclass(frozen=True)
class Mask:
    """The indicator of low <= high, or of low < high, for two indices."""

    low: x.Index
    high: x.Index
    strict: bool


def mask(e: Expr) -> Mask | None:
    """What [high - low + 1 > 0] or [high - low > 0] says of its indices; None for any other term."""
    if not (isinstance(e, x.Function) and e.name == "step" and isinstance(e.args[0], x.Add)):
        return None
    high, below, *rest = e.args[0].args
    low = x.mul(MINUS, below)
    if not (isinstance(high, x.Index) and isinstance(low, x.Index) and x.mul(MINUS, low) == below):
        return None
    return Mask(low, high, not rest) if rest in ([], [ONE]) else None


def masked(index: x.Index, body: Expr) -> tuple[Mask, Expr] | None:
    """The mask at the front of a sum's body that tells from where or to where the index runs, and the rest."""
    number = int(isinstance(body, x.Mul) and isinstance(body.args[0], Number))
    if not isinstance(body, x.Mul) or (found := mask(body.args[number])) is None:
        return None
    rest = x.mul(*body.args[:number], *body.args[number + 1 :])
    fits = (found.low == index) != (found.high == index)
    clear = seen(index, rest) or (found.high == index and not found.strict)
    inside = found.strict or found.high == index or x.in_range(found.high, index.size)
    return (found, rest) if fits and clear and inside else None


def is_equivalence(e: Expr) -> bool:
    return isinstance(e, x.Relation) and e.operator == "<=>"
