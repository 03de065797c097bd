"""Polynomials with rational exponents over terms as atoms. TRUSTED.

Contract. A polynomial is a dict from monomials to coefficients that are not 0; a monomial is a tuple of pairs (atom,
exponent) sorted by the keys of the atoms, no exponent 0. Atoms are opaque, except that a delta is its own square.
"""

from __future__ import annotations

from fractions import Fraction

from gradproof.expression import Add, Delta, Expr, Function, Index, Mul, Number, Pow, add, mul, power

Monomial = tuple[tuple[Expr, Fraction], ...]
Polynomial = dict[Monomial, Fraction]
ZERO, ONE = Fraction(0), Fraction(1)
UNIT: Monomial = ()
MOST_BITS = 4096  # of a number


class TooLarge(Exception):
    """The normal form would have too many terms or too large numbers, or does not exist."""


def constant(value: Fraction | int) -> Polynomial:
    return {UNIT: Fraction(value)} if value else {}


def atom(e: Expr, exponent: Fraction = ONE) -> Polynomial:
    return {((e, exponent),): ONE}


def accumulate(total: Polynomial, p: Polynomial, scale: Fraction = ONE) -> None:
    """Add scale * p to the total, in place."""
    for m, c in p.items():
        value = total.get(m, ZERO) + scale * c
        if value:
            total[m] = value
        else:
            total.pop(m, None)


def plus(p: Polynomial, q: Polynomial, scale: Fraction = ONE) -> Polynomial:
    total = dict(p)
    accumulate(total, q, scale)
    return total


def idempotent(e: Expr) -> bool:
    return isinstance(e, Delta) or (isinstance(e, Function) and e.name == "step")


def merge(m: Monomial, n: Monomial) -> Monomial:
    """The product of two monomials; a delta and a step are their own squares."""
    if not m or not n:
        return m or n
    exponents = dict(m)
    for a, e in n:
        total = exponents.get(a, ZERO) + e
        exponents[a] = min(total, ONE) if idempotent(a) else total
    return tuple(sorted(((a, e) for a, e in exponents.items() if e), key=lambda ae: ae[0].key))


def inverse(m: Monomial) -> Monomial:
    return tuple((a, -e) for a, e in m)


def rank(m: Monomial) -> list[tuple[str, Fraction]]:
    """Orders monomials lexicographically: where exponents are positive, in step with multiplication."""
    return [(a.key, e) for a, e in reversed(m)]


def number_power(c: Fraction, n: int) -> Fraction:
    if c not in (0, 1, -1) and abs(n) * (c.numerator.bit_length() + c.denominator.bit_length()) > MOST_BITS:
        raise TooLarge
    return c**n


def prime_powers(c: Fraction) -> dict[int, int]:
    """The exponents of the primes in a positive rational; a large part without small factors stays whole."""
    found: dict[int, int] = {}
    for part, sign in ((c.numerator, 1), (c.denominator, -1)):
        d = 2
        while part > 1:
            if d * d > part or d > 10_000:
                d = part
            while part % d == 0:
                found[d] = found.get(d, 0) + sign
                part //= d
            d += 1
    return found


def as_term(p: Polynomial) -> Expr:
    """The polynomial as a term, in the order of the keys."""
    rows = sorted(p.items(), key=lambda mc: [(a.key, e) for a, e in mc[0]])
    return add(*(mul(Number.of(c), *(power(a, Number.of(e)) for a, e in m)) for m, c in rows))


def written(p: Polynomial) -> Expr:
    """The polynomial in the order of an index or the argument of a step: what is added first, the number last."""
    rows = sorted(p.items(), key=lambda mc: (not mc[0], mc[1] < 0, [(a.key, e) for a, e in mc[0]]))
    return add(*(as_term({m: c}) for m, c in rows))


def replaceable(delta: Delta) -> Index | None:
    """The index that the delta lets its other argument stand for, which does not depend on it."""
    kept, gone = delta.args
    return gone if isinstance(gone, Index) and gone not in kept.free else None


def read_back(e: Expr) -> Polynomial:
    """The polynomial that `as_term` made the term of."""
    total: Polynomial = {}
    for t in e.args if isinstance(e, Add) else (e,):
        c, factors = ONE, UNIT
        for f in t.args if isinstance(t, Mul) else (t,):
            if isinstance(f, Number):
                c *= f.value
            elif isinstance(f, Pow) and isinstance(f.args[1], Number):
                factors = merge(factors, ((f.args[0], f.args[1].value),))
            else:
                factors = merge(factors, ((f, ONE),))
        accumulate(total, {factors: c})
    return total


def resorted(e: Expr) -> Expr:
    """Sums and products sorted by key throughout: the same for terms that differ in names of bound indices only."""
    if not e.args:
        return e
    args = tuple(resorted(a) for a in e.args)
    if isinstance(e, Add | Mul | Delta):
        args = tuple(sorted(args, key=lambda a: a.key))
    return e.rebuild(args)
