"""Denominators cleared, and a common factor taken out: p = content * primitive part. TRUSTED.

Contract. Each function gives two factors whose product is the polynomial wherever that is defined: `cleared` gives a
numerator and a monomial of denominators, `content_of` and `positive_content` a monomial and a polynomial with exponents
from 0. The content of `positive_content` is known to be positive; where none is known, it is empty.

Blind spot. The common factor is a monomial: a common factor that is a sum is not looked for.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.expression import Add, Delta
from gradproof.normal.polynomials import ONE, UNIT, ZERO, Monomial, Polynomial, constant, inverse, merge, rank

if TYPE_CHECKING:
    from gradproof.normal.form import Normal


def cleared(normal: Normal, p: Polynomial, rounds: int = 16) -> tuple[Polynomial, Monomial]:
    """p = numerator * denominators, the denominators a monomial of sums with negative exponents."""
    denominators = UNIT
    for _ in range(rounds):
        below = {a for m in p for a, e in m if e < 0 and isinstance(a, Add)}
        if not below:
            break
        outermost = max(below, key=lambda a: (a.key.count("("), a.key))
        lift = -min(e for m in p for a, e in m if a == outermost)
        p = normal.product({merge(m, ((outermost, lift),)): c for m, c in p.items()}, constant(1), reduce=False)
        denominators = merge(denominators, ((outermost, -lift),))
    return p, denominators


def content_of(normal: Normal, p: Polynomial) -> tuple[Polynomial, Polynomial]:
    """p = content * primitive: a monomial, and a polynomial with exponents from 0 and leading coefficient 1."""
    p, denominators = cleared(normal, p)
    if not p:
        return {}, {}
    rows = [{a: e for a, e in m if not isinstance(a, Delta)} for m in p]
    atoms = dict.fromkeys(a for row in rows for a in row)
    lowest = {a: min(row.get(a, ZERO) for row in rows) for a in atoms}
    common: Monomial = tuple(sorted(((a, e) for a, e in lowest.items() if e), key=lambda ae: ae[0].key))
    shed = {merge(m, inverse(common)): c for m, c in p.items()}
    scale = shed[max(shed, key=rank)]
    return {merge(common, denominators): scale}, {m: c / scale for m, c in shed.items()}


def positive_content(normal: Normal, p: Polynomial) -> tuple[Polynomial, Polynomial]:
    """The same with the sign in the primitive part, for roots and logarithms; the content empty if not positive."""
    content, primitive = content_of(normal, p) if len(p) > 1 else (p, constant(1))
    if any(c < 0 for c in content.values()):
        content, primitive = ({m: -c for m, c in q.items()} for q in (content, primitive))
    return (content, primitive) if content and is_positive(normal, content) else ({}, p)


def is_positive(normal: Normal, p: Polynomial, n: Fraction = -ONE) -> bool:
    """Whether a polynomial of one term is positive, or its powers >= 0 and n > 0: then its n-th power is theirs."""
    ((m, c),) = p.items()
    known = all(normal.signs.positive(a) or (n > 0 and e > 0 and normal.signs.nonnegative(a)) for a, e in m)
    return c > 0 and known
