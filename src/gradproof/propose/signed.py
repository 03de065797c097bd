"""Forms of a term from which its sign can be read: completed squares, common factors in front, all multiplied out."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.expression import Expr, Number, Relation, mul, power
from gradproof.normal import Normal, Polynomial, TooLarge
from gradproof.propose.algebra import algebra_to
from gradproof.propose.chain import Chain
from gradproof.propose.forms import Folded, arranged, factored, textbook

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ZERO, TWO = Number.of(0), Number.of(2)


def signed_form(proposer: Proposer, e: Expr, operator: str) -> Expr | None:
    """A form of the term of which the signs say how it stands to 0; definitions may have been looked through."""
    for found in _forms(proposer, e, operator):
        known = proposer.signs.undefined(found) is None and proposer.signs.holds(Relation.of(found, operator, ZERO))
        if known and Normal(proposer.signs, None).equal(e, found):
            return found
    return None


def _forms(proposer: Proposer, e: Expr, operator: str) -> Iterator[Expr]:
    negative = operator == "<="
    square = completed(proposer, -e if negative else e)
    if square is not None:
        yield -square if negative else square
    for unfold in ((), None):
        normal = Normal(proposer.signs, unfold)
        try:
            p = normal.of(e)
            yield factored(p, normal)
            yield arranged(p)
        except (TooLarge, RecursionError):
            return


def completed(proposer: Proposer, e: Expr) -> Expr | None:
    """A quadratic in one of its atoms as a multiple of a square and a rest, neither of them negative."""
    normal = Folded(proposer.signs)
    try:
        p = normal.of(e)
        for a, n in dict.fromkeys((a, abs(n) * (1 if n > 0 else -1)) for m in p for a, n in m):
            rows: dict[Fraction, Polynomial] = {}
            for m, c in p.items():
                rows.setdefault(dict(m).get(a, Fraction(0)), {})[tuple(f for f in m if f[0] != a)] = c
            if set(rows) - {Fraction(0), n, 2 * n} or 2 * n not in rows:
                continue
            found = _square(
                proposer, e, power(a, Number.of(n)), *(arranged(rows.get(k, {})) for k in (0 * n, n, 2 * n))
            )
            if found is not None:
                return found
    except (TooLarge, RecursionError):
        return None
    return None


def _square(proposer: Proposer, e: Expr, a: Expr, free: Expr, linear: Expr, square: Expr) -> Expr | None:
    if not proposer.signs.positive(square):
        return None
    normal = Normal(proposer.signs)
    shift = textbook(linear / (2 * square), proposer.signs)
    rest = textbook(free - linear**2 / (4 * square), proposer.signs)
    found = mul(square, power(a + shift, TWO)) + rest
    known = proposer.signs.undefined(found) is None and proposer.signs.holds(Relation.of(found, ">=", ZERO))
    return found if known and normal.equal(e, found) else None


def by_signed_form(proposer: Proposer, left: Expr, operator: str, right: Expr) -> Chain | None:
    """A form of the term, such as a completed square, whose sign is known."""
    if right != ZERO or operator not in ("<=", ">="):
        return None
    found = signed_form(proposer, left, operator)
    if found is None:
        return None
    chain = Chain(left, proposer.givens)
    if not algebra_to(chain, found):
        return None
    chain.show()
    chain.root.record("sign", {"to": ZERO}, ZERO, relation=operator)
    return chain
