"""Whether the ends of a triangular sum stay within the range of its index.

Contract. An index runs over 1..size, so that an end which may lie outside would cut the sum silently; `never_negative`
says yes only of what its form shows.

Blind spot. Only sums of whole multiples of sizes, indices and numbers; what an outer sum leaves out is not seen.
"""

from __future__ import annotations

from fractions import Fraction

from gradproof import expression as x
from gradproof.expression import Expr, Index, Number, Symbol

ONE, ZERO = Number.of(1), Fraction(0)


def never_negative(e: Expr) -> bool:
    """Whether e >= 0 wherever its indices are within their ranges and its sizes are 1 or more."""
    found = _linear(e)
    if found is None:
        return False
    least: dict[Expr, Fraction] = {}
    for atom, factor in found.items():
        worst = _linear(atom.size if factor < 0 else ONE) if isinstance(atom, Index) else {atom: Fraction(1)}
        if worst is None:
            return False
        for part, count in worst.items():
            least[part] = least.get(part, ZERO) + factor * count
    return all(n >= 0 for part, n in least.items() if part != ONE) and sum(least.values()) >= 0


def _linear(e: Expr) -> dict[Expr, Fraction] | None:
    """The factors of sizes and indices, that of `ONE` being the number; None for anything else."""
    match e:
        case Number(value=value):
            return {ONE: value}
        case Index():
            return {e: Fraction(1)}
        case Symbol() if e.domain.integer and e.domain.low is not None and e.domain.low >= 1:
            return {e: Fraction(1)}
        case x.Mul(args=(Number(value=value), only)):
            inner = _linear(only)
            return inner and {part: value * n for part, n in inner.items()}
        case x.Add(args=args):
            return _merged(list(map(_linear, args)))
    return None


def _merged(parts: list[dict[Expr, Fraction] | None]) -> dict[Expr, Fraction] | None:
    found: dict[Expr, Fraction] = {}
    for part in parts:
        if part is None:
            return None
        for atom, factor in part.items():
            found[atom] = found.get(atom, ZERO) + factor
    return found
